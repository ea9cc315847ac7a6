import type { Clock } from "../clock.ts";
import { AnswerHeaders } from "./answer-headers.ts";
import { Connection, type ConnectionListener } from "./connection.ts";
import type { Connector } from "./connector.ts";
import type { Exchange } from "./exchange.ts";
import { IdleConnections } from "./idle-connections.ts";

/**
 * Up to `maxSockets` connections to one origin, each carrying one exchange at a time; the others queue in order.
 */
export class ConnectionPool implements ConnectionListener {
  readonly #connector: Connector;
  readonly #maxSockets: number;
  readonly #answerHeaders = new AnswerHeaders();
  readonly #connections = new Set<Connection>();
  readonly #idle: IdleConnections;
  readonly #queue: Exchange[] = [];
  #isClosing = false;
  #closed: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(connector: Connector, maxSockets: number, clock: Clock) {
    this.#connector = connector;
    this.#maxSockets = maxSockets;
    this.#idle = new IdleConnections(clock);
  }

  /** Runs the exchange as soon as a connection is free. */
  dispatch(exchange: Exchange): void {
    const connection = this.#take();
    if (connection === undefined) this.#queue.push(exchange);
    else this.#run(connection, exchange);
  }

  /** As {@link dispatch}, on a socket that has carried nothing, and ahead of those that queue. */
  dispatchOnFreshSocket(exchange: Exchange): void {
    if (exchange.isOver) return;
    exchange.needsFreshSocket = true;
    const connection = this.#take();
    if (connection === undefined) this.#queue.unshift(exchange);
    else this.#run(connection, exchange);
  }

  /** Closes each connection once what it carries has ended. Nothing may be queued or dispatched any more. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#onEmpty = resolve;
      this.#isClosing = true;
      this.#closeIdle();
      this.#tellIfEmpty();
    });
    return this.#closed;
  }

  /** Closes the connections now. */
  destroy(): void {
    this.#isClosing = true;
    this.#idle.stop();
    for (const connection of [...this.#connections]) connection.destroy();
  }

  readonly onFree = (connection: Connection): void => {
    const next = this.#nextInQueue();
    if (next !== undefined) this.#run(connection, next);
    else if (this.#isClosing) connection.destroy();
    else this.#idle.add(connection);
  };

  readonly onLost = (connection: Connection): void => {
    if (!this.#connections.delete(connection)) return;
    this.#idle.remove(connection);
    const next = this.#nextInQueue();
    if (next !== undefined) this.#run(this.#create(), next);
    this.#tellIfEmpty();
  };

  #take(): Connection | undefined {
    const idle = this.#idle.take();
    if (idle !== undefined || this.#connections.size >= this.#maxSockets) return idle;
    return this.#create();
  }

  #create(): Connection {
    const connection = new Connection(this.#connector, this.#answerHeaders, this);
    this.#connections.add(connection);
    return connection;
  }

  #run(free: Connection, exchange: Exchange): void {
    const connection = exchange.needsFreshSocket && free.served > 0 ? this.#renewed(free) : free;
    connection.run(exchange);
  }

  #renewed(connection: Connection): Connection {
    this.#connections.delete(connection);
    connection.destroy();
    return this.#create();
  }

  #closeIdle(): void {
    this.#idle.stop();
    for (let idle = this.#idle.take(); idle !== undefined; idle = this.#idle.take()) idle.destroy();
  }

  #tellIfEmpty(): void {
    if (this.#connections.size === 0) this.#onEmpty?.();
  }

  /** The next exchange that somebody still waits for. */
  #nextInQueue(): Exchange | undefined {
    let next = this.#queue.shift();
    while (next?.isOver === true) next = this.#queue.shift();
    return next;
  }
}
