import type { Clock, Timer } from "../../clock.ts";

/** Aborts its signal when time is up, or when the outer signal is aborted. `end()` it, or it holds a timer. */
export class TimeLimit {
  #clock: Clock;
  #controller = new AbortController();
  #outer: AbortSignal;
  #timer: Timer;
  #isExpired = false;

  constructor(clock: Clock, limitMs: number, outer: AbortSignal) {
    this.#clock = clock;
    this.#outer = outer;
    if (outer.aborted) this.#forward();
    outer.addEventListener("abort", this.#forward, { once: true });
    this.#timer = clock.setTimeout(this.#expire, limitMs, undefined);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was time that ran out, and not the outer signal. */
  get isExpired(): boolean {
    return this.#isExpired;
  }

  /** Starts the time anew, with another limit. */
  restart(limitMs: number): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(this.#expire, limitMs, undefined);
  }

  end(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#outer.removeEventListener("abort", this.#forward);
  }

  #expire = (): void => {
    this.#isExpired = true;
    this.#controller.abort();
  };

  #forward = (): void => {
    this.#controller.abort(this.#outer.reason);
  };
}
