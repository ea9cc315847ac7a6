import type { Clock } from "../clock.ts";
import type { KeyedUnit } from "./keyed.ts";
import { RetryBudget, type RetryBudgetSettings } from "./retry-budget.ts";

/** How long the fastest answer is remembered, in milliseconds: one to two of these. */
const MEMORY_MS = 30_000;

/** What retries of one endpoint share. Per endpoint, so that a dead one takes no retries from the others. */
export class EndpointState implements KeyedUnit {
  lastUsed = 0;
  #budget: RetryBudget | undefined;
  readonly #clock: Clock;
  #fastestNow = Number.POSITIVE_INFINITY;
  #fastestBefore = Number.POSITIVE_INFINITY;
  #since: number;

  constructor(budget: RetryBudgetSettings | undefined, clock: Clock) {
    this.#budget = budget === undefined ? undefined : new RetryBudget(budget, clock);
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** What retries are paid from; `undefined`: from nothing. */
  get budget(): RetryBudget | undefined {
    return this.#budget;
  }

  /** Goes over to another budget, or to none. */
  retune(budget: RetryBudgetSettings | undefined): void {
    if (budget === undefined) this.#budget = undefined;
    else if (this.#budget === undefined) this.#budget = new RetryBudget(budget, this.#clock);
    else this.#budget.retune(budget);
  }

  /** Takes note of an attempt that was answered. @param now {@link Clock.now} */
  succeeded(durationMs: number, now: number): void {
    this.#budget?.succeeded(now);
    this.#rotate(now);
    this.#fastestNow = Math.min(this.#fastestNow, durationMs);
  }

  /** The fastest answer of late, in milliseconds: an attempt with less time than this cannot succeed. 0 if unknown. */
  fastestAnswerMs(): number {
    this.#rotate(this.#clock.now());
    const fastest = Math.min(this.#fastestNow, this.#fastestBefore);
    return Number.isFinite(fastest) ? fastest : 0;
  }

  #rotate(now: number): void {
    const elapsed = now - this.#since;
    if (elapsed < MEMORY_MS) return;
    this.#fastestBefore = elapsed < 2 * MEMORY_MS ? this.#fastestNow : Number.POSITIVE_INFINITY;
    this.#fastestNow = Number.POSITIVE_INFINITY;
    this.#since += elapsed - (elapsed % MEMORY_MS);
  }
}
