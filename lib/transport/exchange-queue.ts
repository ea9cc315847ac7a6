import type { Clock } from "../clock.ts";
import { AnswerTime } from "../resilience/answer-time.ts";
import type { Exchange, Line } from "./exchange.ts";

/** Endpoints whose answers are timed; their names come from callers, and a stream of new ones must not grow memory. */
const MAX_ENDPOINTS = 256;

/**
 * Exchanges that wait for a connection: in order, as long as the oldest has time left for an answer. Those that are
 * given up are let go of soon, with their payloads: where all connections are slow, callers give up faster than the queue
 * moves.
 */
export class ExchangeQueue implements Line {
  readonly served = 0;
  readonly isQueue = true;
  #exchanges: Exchange[] = [];
  #overCount = 0;
  readonly #clock: Clock;
  /** By endpoint, of what ended while others queued. */
  readonly #answerTimes = new Map<string, AnswerTime>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

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

  /**
   * The next that somebody still waits for, which is not in the queue any more. Where the oldest would be given up before
   * it is answered it is the newest: all might otherwise get a connection just too late, one after the other.
   */
  shift(): Exchange | undefined {
    for (; this.#exchanges[0]?.isOver === true; this.#overCount--) this.#exchanges.shift();
    const oldest = this.#exchanges[0];
    if (oldest === undefined || this.#hasTime(oldest)) return this.#exchanges.shift();
    for (; this.#exchanges.at(-1)?.isOver === true; this.#overCount--) this.#exchanges.pop();
    return this.#exchanges.pop();
  }

  /** Takes note of how one ended that a connection carried. */
  learn(exchange: Exchange, isAnswered: boolean): void {
    const { endpoint } = exchange;
    let answerTime = this.#answerTimes.get(endpoint);
    if (answerTime === undefined) {
      if (this.#answerTimes.size >= MAX_ENDPOINTS) this.#answerTimes.clear();
      answerTime = new AnswerTime();
      this.#answerTimes.set(endpoint, answerTime);
    }
    exchange.tell(answerTime, isAnswered);
  }

  /** One of them was given up. At most half of what is kept is over, so that each costs the same, however many there are. */
  abandon(): void {
    this.#overCount++;
    if (2 * this.#overCount <= this.#exchanges.length) return;
    this.#exchanges = this.#exchanges.filter(({ isOver }) => !isOver);
    this.#overCount = 0;
  }

  resume(): void {}

  #hasTime({ endpoint, deadlineAt }: Exchange): boolean {
    return deadlineAt >= this.#clock.now() + (this.#answerTimes.get(endpoint)?.ms ?? 0);
  }
}
