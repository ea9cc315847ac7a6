import type { Connector } from "./connector.ts";
import type { Exchange } from "./exchange.ts";
import { PooledConnection } from "./pooled-connection.ts";

/**
 * Up to `maxSockets` connections to one origin, each carrying one exchange at a time; the others queue in
 * order. The connections are undici's. Its own pool is not used: after a failed connect it goes on with
 * connections that it no longer counts nor closes, for each request that it refuses it loses a connection
 * for good, and a request that was given up while it queued costs the healthy connection that it gets.
 */
export class ConnectionPool {
  readonly #origin: string;
  readonly #maxSockets: number;
  readonly #connector: Connector;
  readonly #connections = new Set<PooledConnection>();
  /** The one that worked last is at the end and works first: it is the least likely to have been closed. */
  readonly #idle: PooledConnection[] = [];
  readonly #queue: Exchange[] = [];
  #closed: Promise<void> | undefined;

  constructor(origin: string, maxSockets: number, connector: Connector) {
    this.#origin = origin;
    this.#maxSockets = maxSockets;
    this.#connector = connector;
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
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  /** Closes the connections now. */
  destroy(): void {
    for (const connection of this.#connections) connection.destroy();
    this.#connections.clear();
  }

  async #closeAll(): Promise<void> {
    await Promise.all(Array.from(this.#connections, (connection) => connection.close()));
  }

  #take(): PooledConnection | undefined {
    const idle = this.#idle.pop();
    if (idle !== undefined || this.#connections.size >= this.#maxSockets) return idle;
    return this.#create();
  }

  #create(): PooledConnection {
    const connection = new PooledConnection(this.#origin, this.#connector, {
      onFree: this.#release,
      onLost: this.#replace,
    });
    this.#connections.add(connection);
    return connection;
  }

  #run(free: PooledConnection, exchange: Exchange): void {
    const connection = exchange.needsFreshSocket && free.served > 0 ? this.#renewed(free) : free;
    connection.run(exchange);
    // An impossible request is refused before undici looks at the connection, which then says nothing.
    if (exchange.isOver) queueMicrotask(() => this.#releaseFrom(connection, exchange));
  }

  #renewed(connection: PooledConnection): PooledConnection {
    this.#connections.delete(connection);
    void connection.close();
    return this.#create();
  }

  #releaseFrom(connection: PooledConnection, exchange: Exchange): void {
    if (connection.exchange === exchange) this.#release(connection);
  }

  readonly #release = (connection: PooledConnection): void => {
    connection.exchange = undefined;
    if (!this.#connections.has(connection)) return;
    const next = this.#nextInQueue();
    if (next === undefined) this.#idle.push(connection);
    else this.#run(connection, next);
  };

  /** Also where it could not be made: undici may hold such a client for busy for ever. */
  readonly #replace = (connection: PooledConnection): void => {
    if (!this.#connections.delete(connection)) return;
    const next = this.#nextInQueue();
    if (next !== undefined) this.#run(this.#create(), next);
  };

  /** The next exchange that somebody still waits for. */
  #nextInQueue(): Exchange | undefined {
    let next = this.#queue.shift();
    while (next?.isOver === true) next = this.#queue.shift();
    return next;
  }
}
