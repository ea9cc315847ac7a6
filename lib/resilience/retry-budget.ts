import type { Clock } from "../clock.ts";
import { checkKeys, checkMs, checkObject, checkRatio, invalidOption } from "../validate.ts";
import type { RetryBudgetOptions } from "./options.ts";
import { SLOTS, TimeWindow } from "./time-window.ts";

/** {@link RetryBudgetOptions} with every default filled in and checked. */
export type RetryBudgetSettings = Required<RetryBudgetOptions>;

export function resolveBudget(options: RetryBudgetOptions): RetryBudgetSettings {
  checkObject("retry.budget", options);
  checkKeys("retry.budget", options, ["ratio", "minPerSecond", "windowMs"]);
  const { ratio = 0.1, minPerSecond = 1, windowMs = 10_000 } = options;
  checkRatio("retry.budget.ratio", ratio, true);
  checkMs("retry.budget.windowMs", windowMs);
  if (!(Number.isFinite(minPerSecond) && minPerSecond >= 0)) {
    throw invalidOption("retry.budget.minPerSecond", "a number of at least 0", minPerSecond);
  }
  const reserve = (minPerSecond * windowMs) / 1_000;
  if (reserve > 0 && reserve < 1) {
    const atLeast = `0, or at least ${1_000 / windowMs} (one retry in windowMs)`;
    throw invalidOption("retry.budget.minPerSecond", atLeast, minPerSecond);
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
  #settings: RetryBudgetSettings;
  readonly #clock: Clock;
  #successes: TimeWindow;
  /** A slot longer than the other one: a retry counts for at least the whole window, a success for at most. */
  #retries: TimeWindow;

  constructor(settings: RetryBudgetSettings, clock: Clock) {
    const now = clock.now();
    this.#settings = settings;
    this.#clock = clock;
    this.#successes = successWindow(settings, now);
    this.#retries = retryWindow(settings, now);
  }

  /** Goes by other settings from now on; what was earned and spent before counts on. */
  retune(settings: RetryBudgetSettings): void {
    const now = this.#clock.now();
    this.#settings = settings;
    this.#successes = successWindow(settings, now).takeOver(this.#successes, now);
    this.#retries = retryWindow(settings, now).takeOver(this.#retries, now);
  }

  /** Earns a share of a retry. @param now {@link Clock.now} */
  succeeded(now: number): void {
    this.#successes.addGood(now);
  }

  /** Takes one retry out of the budget; false, and nothing taken, where there is none left. */
  tryTake(): boolean {
    if (this.available() < 1) return false;
    this.#retries.addBad(this.#clock.now());
    return true;
  }

  /** Returns a retry that was taken at `takenAt` ({@link Clock.now}) and then not made. */
  giveBack(takenAt: number): void {
    this.#retries.removeBad(takenAt, this.#clock.now());
  }

  /** Retries that could be made now; it may be a fraction. */
  available(): number {
    const now = this.#clock.now();
    const { ratio, minPerSecond, windowMs } = this.#settings;
    const earned = (minPerSecond * windowMs) / 1_000 + ratio * this.#successes.good(now);
    return earned - this.#retries.bad(now);
  }
}

function successWindow({ windowMs }: RetryBudgetSettings, now: number): TimeWindow {
  return new TimeWindow(windowMs, now);
}

function retryWindow({ windowMs }: RetryBudgetSettings, now: number): TimeWindow {
  return new TimeWindow((windowMs * SLOTS) / (SLOTS - 1), now);
}
