import type { Census } from "./census.ts";

/** What the process held at one moment. */
export interface SoakPoint {
  /** Since the start. */
  readonly seconds: number;
  /** Answered since the start. */
  readonly calls: number;
  /** Calls per second since the point before. */
  readonly goodput: number;
  readonly rss: number;
  readonly heapUsed: number;
  readonly sockets: number;
  readonly listeners: number;
  readonly timers: number;
}

/** Looks at the process at regular times. Its own timer does not keep the process alive, so it is in no count. */
export class Sampler {
  readonly points: SoakPoint[] = [];
  readonly #census: Census;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #lastAt = 0;
  #calls = 0;
  #callsAtLast = 0;

  constructor(census: Census) {
    this.#census = census;
  }

  countAnswer(): void {
    this.#calls++;
  }

  start(everyMs: number): void {
    this.#startedAt = performance.now();
    this.#lastAt = this.#startedAt;
    this.#timer = setInterval(() => this.#sample(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const now = performance.now();
    const { rss, heapUsed } = process.memoryUsage();
    const goodput = ((this.#calls - this.#callsAtLast) * 1_000) / (now - this.#lastAt);
    const seconds = (now - this.#startedAt) / 1_000;
    this.points.push({
      seconds,
      calls: this.#calls,
      goodput,
      rss,
      heapUsed,
      ...this.#census.take(),
    });
    this.#lastAt = now;
    this.#callsAtLast = this.#calls;
  }
}
