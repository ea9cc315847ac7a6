import type { Clock } from "../clock.ts";
import { checkMs, checkRatio, invalidOption } from "../validate.ts";
import type { RetryBudgetOptions } from "./options.ts";
import { TimeWindow } from "./time-window.ts";

/** {@link RetryBudgetOptions} with every default filled in and checked. */
export type RetryBudgetSettings = Required<RetryBudgetOptions>;

export function resolveBudget(options: RetryBudgetOptions): RetryBudgetSettings {
  const { ratio = 0.1, minPerSecond = 1, windowMs = 10_000 } = options;
  checkRatio("retry.budget.ratio", ratio, true);
  checkMs("retry.budget.windowMs", windowMs);
  if (!(minPerSecond >= 0 && Number.isFinite(minPerSecond))) {
    throw invalidOption("retry.budget.minPerSecond", "a number of at least 0", minPerSecond);
  }
  return { ratio, minPerSecond, windowMs };
}

/**
 * Why a budget and not just a number of attempts: when everything fails, three attempts per call triple the
 * load on an endpoint that is already too slow, and it never recovers. A budget bounds what retries add:
 *
 * > retries in the last `windowMs` <= `minPerSecond` x window + `ratio` x successes in the same window
 *
 * Credit is not stored for longer than the window: a fleet that was healthy for hours must not be able to
 * spend hours of credit at once.
 */
export class RetryBudget {
  readonly #settings: RetryBudgetSettings;
  readonly #clock: Clock;
  readonly #window: TimeWindow;

  constructor(settings: RetryBudgetSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#window = new TimeWindow(settings.windowMs, clock.now());
  }

  succeeded(): void {
    this.#window.addGood(this.#clock.now());
  }

  /** Takes one retry out of the budget; false, and nothing taken, where there is none left. */
  tryTake(): boolean {
    if (this.available() < 1) return false;
    this.#window.addBad(this.#clock.now());
    return true;
  }

  /** Returns a retry that was taken at `takenAt` ({@link Clock.now}) and then not made. */
  giveBack(takenAt: number): void {
    this.#window.removeBad(takenAt, this.#clock.now());
  }

  /** Retries that could be made now; it may be a fraction. */
  available(): number {
    const now = this.#clock.now();
    const { ratio, minPerSecond, windowMs } = this.#settings;
    const earned = (minPerSecond * windowMs) / 1_000 + ratio * this.#window.good(now);
    return earned - this.#window.bad(now);
  }
}
