import type { CircuitState, IBreaker } from "cockatiel";
import { type Clock, systemClock } from "../../clock.ts";
import { checkInteger, checkKeys, checkMs, checkRatio } from "../../validate.ts";
import { TimeWindow } from "../time-window.ts";

export interface TimeWindowBreakerOptions {
  /** Share of failures at which the breaker opens. @default 0.5 */
  failureRatio?: number;
  /** Attempts within the window below which it never opens: two failures of three say little. @default 20 */
  minimumThroughput?: number;
  /** How far back it looks, in milliseconds. @default 10_000 */
  windowMs?: number;
  /** Test seam. */
  clock?: Clock;
}

/** A cockatiel trip rule that may be told how many attempts are still undecided. */
export interface TripRule extends IBreaker {
  failure(state: CircuitState, undecided?: number): boolean;
}

/**
 * Opens when the share of failures over the last `windowMs` reaches `failureRatio`. It is a cockatiel
 * `IBreaker`, so it also works in a cockatiel policy; unlike cockatiel's `SamplingBreaker` it never decides
 * on attempts older than the window, and it counts attempts in flight as not failed: failures are often faster
 * than successes, and the first answers after a start would otherwise look like an outage.
 *
 * @throws {RangeError} for an option out of range
 */
export class TimeWindowBreaker implements TripRule {
  readonly #failureRatio: number;
  readonly #minimumThroughput: number;
  readonly #clock: Clock;
  readonly #window: TimeWindow;

  constructor(options: TimeWindowBreakerOptions = {}) {
    checkKeys("TimeWindowBreaker", options, ["failureRatio", "minimumThroughput", "windowMs", "clock"]);
    const { failureRatio = 0.5, minimumThroughput = 20, windowMs = 10_000, clock = systemClock } = options;
    this.#failureRatio = checkRatio("TimeWindowBreaker.failureRatio", failureRatio);
    this.#minimumThroughput = checkInteger("TimeWindowBreaker.minimumThroughput", minimumThroughput, 1);
    this.#clock = clock;
    this.#window = new TimeWindow(checkMs("TimeWindowBreaker.windowMs", windowMs), clock.now());
  }

  /** cockatiel's persistence hook. The window is short-lived on purpose: nothing of it is kept. */
  get state(): unknown {
    return undefined;
  }

  set state(_value: unknown) {}

  success(_state: CircuitState): void {
    this.#window.addGood(this.#clock.now());
  }

  /** @param undecided attempts in flight */
  failure(_state: CircuitState, undecided = 0): boolean {
    const now = this.#clock.now();
    this.#window.addBad(now);
    const bad = this.#window.bad(now);
    const all = bad + this.#window.good(now);
    return all >= this.#minimumThroughput && bad >= (all + undecided) * this.#failureRatio;
  }
}
