// Not the global one, which fake timers in the tests of a user hold up.
import { setImmediate } from "node:timers";
import type { Clock } from "../clock.ts";
import { AbortError } from "../errors/local-errors.ts";
import { AnswerHeaders } from "./answer-headers.ts";
import { Connection, type ConnectionListener } from "./connection.ts";
import type { Connector } from "./connector.ts";
import type { Exchange } from "./exchange.ts";
import { ExchangeQueue } from "./exchange-queue.ts";
import { IdleConnections } from "./idle-connections.ts";

/** How long a connection is made on after its exchange was given up, in milliseconds: others may need its place. */
const MADE_ON_MS = 1_000;

/**
 * Up to `maxSockets` connections to one origin, each carrying one exchange at a time; the others queue.
 */
export class ConnectionPool implements ConnectionListener {
  readonly #connector: Connector;
  readonly #maxSockets: number;
  readonly #clock: Clock;
  readonly #answerHeaders = new AnswerHeaders();
  readonly #connections = new Set<Connection>();
  readonly #idle: IdleConnections;
  readonly #queue: ExchangeQueue;
  /** Whether connections are about to be made for those that queue. */
  #isRefilling = false;
  #isClosing = false;
  #isDestroyed = false;
  #closed: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(connector: Connector, maxSockets: number, clock: Clock) {
    this.#connector = connector;
    this.#maxSockets = maxSockets;
    this.#clock = clock;
    this.#idle = new IdleConnections(clock);
    this.#queue = new ExchangeQueue(clock);
  }

  /** Runs the exchange as soon as a connection is free. */
  dispatch(exchange: Exchange): void {
    if (!this.#runAtOnce(exchange)) this.#queue.push(exchange);
  }

  /** As {@link dispatch}, on a socket that has carried nothing, and ahead of those that queue. */
  dispatchOnFreshSocket(exchange: Exchange): void {
    if (exchange.isOver) return;
    exchange.needsFreshSocket = true;
    if (!this.#runAtOnce(exchange)) this.#queue.unshift(exchange);
  }

  /** Closes each connection once what it carries has ended. Nothing may be queued or dispatched any more. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#onEmpty = resolve;
      this.#isClosing = true;
      this.#closeUnused();
      this.#tellIfEmpty();
    });
    return this.#closed;
  }

  /** Closes the connections now. What runs or queues fails, and what comes later. */
  destroy(): void {
    this.#isClosing = true;
    this.#isDestroyed = true;
    this.#idle.stop();
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      next.onError(destroyed());
    }
    for (const connection of [...this.#connections]) connection.onFailed(destroyed());
  }

  readonly onEnded = (exchange: Exchange, isAnswered: boolean): void => {
    if (!this.#queue.isEmpty) this.#queue.learn(exchange, isAnswered);
  };

  readonly onFree = (connection: Connection): void => {
    const next = this.#queue.shift();
    if (next !== undefined) this.#run(connection, next);
    else if (this.#isClosing) connection.destroy();
    else this.#idle.add(connection);
  };

  readonly onUnwanted = (connection: Connection): void => {
    if (this.#isClosing) connection.destroy();
    else this.#clock.holdProcess(this.#clock.setTimeout(giveUpMaking, MADE_ON_MS, connection), false);
  };

  readonly onLost = (connection: Connection): void => {
    if (!this.#connections.delete(connection)) return;
    this.#idle.remove(connection);
    this.#refillSoon();
    this.#tellIfEmpty();
  };

  /**
   * Not now, nor in a microtask: whoever ends one call may be about to end all of them, be it timer by timer, and would have
   * a connection made for each that queues, only to throw it away.
   */
  #refillSoon(): void {
    if (this.#isRefilling || this.#queue.isEmpty) return;
    this.#isRefilling = true;
    setImmediate(this.#refill);
  }

  readonly #refill = (): void => {
    this.#isRefilling = false;
    while (!this.#queue.isEmpty) {
      const connection = this.#take();
      if (connection === undefined) break;
      this.#run(connection, this.#queue.shift()!);
    }
    this.#tellIfEmpty();
  };

  /** Whether that was possible; `false` has it wait for a connection. */
  #runAtOnce(exchange: Exchange): boolean {
    if (this.#isDestroyed) {
      exchange.onError(destroyed());
      return true;
    }
    // What queues goes first: there may be room for it already.
    const connection = this.#queue.isEmpty ? this.#take() : undefined;
    if (connection !== undefined) this.#run(connection, exchange);
    return connection !== undefined;
  }

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

  #closeUnused(): void {
    this.#idle.stop();
    for (const connection of [...this.#connections]) if (connection.isUnused) connection.destroy();
  }

  #tellIfEmpty(): void {
    if (this.#connections.size === 0 && !this.#isRefilling) this.#onEmpty?.();
  }
}

function giveUpMaking(connection: Connection): void {
  connection.giveUpMaking();
}

/** For what the client did not cancel itself: a layer of the user may have begun more than its call. */
function destroyed(): AbortError {
  return new AbortError("The client was destroyed");
}
