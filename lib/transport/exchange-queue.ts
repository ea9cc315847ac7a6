import type { Exchange, Line } from "./exchange.ts";

/**
 * Exchanges that wait for a connection, in order. Those that are given up are let go of soon, with their payloads: where
 * all connections are slow, callers give up faster than the queue moves.
 */
export class ExchangeQueue implements Line {
  readonly served = 0;
  #exchanges: Exchange[] = [];
  #overCount = 0;

  get isEmpty(): boolean {
    return this.#exchanges.length === this.#overCount;
  }

  /** Adds one behind all others. */
  push(exchange: Exchange): void {
    exchange.assign(this);
    this.#exchanges.push(exchange);
  }

  /** Adds one ahead of all others. */
  unshift(exchange: Exchange): void {
    exchange.assign(this);
    this.#exchanges.unshift(exchange);
  }

  /** The next that somebody still waits for, which is not in the queue any more. */
  shift(): Exchange | undefined {
    let next = this.#exchanges.shift();
    while (next?.isOver === true) {
      this.#overCount--;
      next = this.#exchanges.shift();
    }
    return next;
  }

  /** One of them was given up. At most half of what is kept is over, so that each costs the same, however many there are. */
  abandon(): void {
    this.#overCount++;
    if (2 * this.#overCount <= this.#exchanges.length) return;
    this.#exchanges = this.#exchanges.filter(({ isOver }) => !isOver);
    this.#overCount = 0;
  }

  resume(): void {}
}
