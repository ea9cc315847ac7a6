import type { CircuitState, IBreaker } from "cockatiel";
import { type Clock, systemClock } from "../../clock.ts";
import { checkInteger, checkKeys, checkMs, checkRatio, invalidOption } from "../../validate.ts";
import { SLOTS, TimeWindow } from "../time-window.ts";
import type { Verdict } from "./breaker-state.ts";
import { FailureRun } from "./failure-run.ts";

/** How many times `windowMs` a look back may reach: each slot of it is kept per target. */
const MOST_WINDOWS = 60;

/** The numbers of the default trip rule. */
export interface TimeWindowOptions {
  /** Share of failures at which the breaker opens. @default 0.5 */
  failureRatio?: number;
  /** Attempts below which the share says nothing: two failures of three say little. @default 20 */
  minimumThroughput?: number;
  /** How far back it looks, in milliseconds. @default 10_000 */
  windowMs?: number;
  /**
   * How far back it looks where `windowMs` holds fewer attempts than `minimumThroughput`, in milliseconds: as far
   * as it takes to find so many, and never further than this.
   * @default 6 * windowMs - 20 attempts are then found at one in 3 s; older ones say too little about now
   */
  maxWindowMs?: number;
  /**
   * Failures in a row at which a target with few calls opens: fewer than `minimumThroughput` in `windowMs`.
   * @default 7 - two calls of three attempts each, and one more: no single call opens it
   */
  consecutiveFailures?: number;
  /**
   * The same for timeouts, which each hold a caller up and are not tried again.
   * @default 3 - a target of which 1 % time out opens once in a million calls
   */
  consecutiveTimeouts?: number;
}

export interface TimeWindowBreakerOptions extends TimeWindowOptions {
  /** Test seam. */
  clock?: Clock;
}

/** A cockatiel trip rule that may be told more about a failure, and of answers that have not come to their end. */
export interface TripRule extends IBreaker {
  /** A stream has begun; how it went is told at its end. */
  answered?(): void;
  /**
   * @param undecided attempts in flight that began before and count as not failed
   * @param verdict what it failed of
   */
  failure(state: CircuitState, undecided?: number, verdict?: Verdict): boolean;
}

/**
 * Opens when the share of failures over the last `windowMs` reaches `failureRatio`. It is a cockatiel
 * `IBreaker`, so it also works in a cockatiel policy; unlike cockatiel's `SamplingBreaker` it never decides
 * on attempts older than the window, and it counts attempts in flight as not failed: failures are often faster
 * than successes, and the first answers after a start would otherwise look like an outage.
 *
 * A target with few calls would never be seen to fail by a share of the last seconds. For it the window reaches
 * further back, and a run of failures is enough.
 *
 * @throws {RangeError} for an option out of range
 */
export class TimeWindowBreaker implements TripRule {
  readonly #settings: TimeWindowSettings;
  readonly #clock: Clock;
  readonly #window: TimeWindow;
  readonly #failures: FailureRun;
  readonly #timeouts: FailureRun;

  constructor({ clock = systemClock, ...options }: TimeWindowBreakerOptions = {}) {
    const settings = resolveTimeWindow("TimeWindowBreaker", options);
    const { windowMs, maxWindowMs } = settings;
    this.#settings = settings;
    this.#clock = clock;
    const slots = Math.ceil((maxWindowMs / windowMs) * SLOTS);
    this.#window = new TimeWindow((windowMs / SLOTS) * slots, clock.now(), slots);
    this.#failures = new FailureRun(settings.consecutiveFailures, maxWindowMs);
    this.#timeouts = new FailureRun(settings.consecutiveTimeouts, maxWindowMs);
  }

  /** cockatiel's persistence hook. The window is short-lived on purpose: nothing of it is kept. */
  get state(): unknown {
    return undefined;
  }

  set state(_value: unknown) {}

  /** Goes on with what another one has counted. */
  takeOver(previous: TimeWindowBreaker): void {
    this.#window.takeOver(previous.#window, this.#clock.now());
    this.#failures.takeOver(previous.#failures);
    this.#timeouts.takeOver(previous.#timeouts);
  }

  success(_state: CircuitState): void {
    this.#window.addGood(this.#clock.now());
    this.#failures.succeeded();
    this.#timeouts.succeeded();
  }

  /** Ends a run of timeouts alone: streams that begin and then all break are failures in a row. */
  answered(): void {
    this.#timeouts.succeeded();
  }

  failure(_state: CircuitState, undecided = 0, verdict: Verdict = "failure"): boolean {
    const { failureRatio, minimumThroughput } = this.#settings;
    const now = this.#clock.now();
    this.#window.addBad(now);
    const isRun = this.#isRun(now, undecided, verdict);
    const slots = this.#window.slotsBack(now, SLOTS, minimumThroughput);
    const bad = this.#window.bad(now, slots);
    const all = bad + this.#window.good(now, slots);
    if (all >= minimumThroughput && bad >= (all + undecided) * failureRatio) return true;
    return isRun && (slots > SLOTS || all < minimumThroughput);
  }

  /** A target whose model is loading now and then, on one variant of several, fails in no run. */
  #isRun(now: number, undecided: number, verdict: Verdict): boolean {
    if (verdict === "notReady") return false;
    const { length } = this.#failures;
    const isRun = this.#failures.failed(now) && length >= (length + undecided) * this.#settings.failureRatio;
    return (verdict === "timeout" && this.#timeouts.failed(now)) || isRun;
  }
}

export type TimeWindowSettings = Readonly<Required<TimeWindowOptions>>;

/**
 * @param scope where the options stand
 * @throws {RangeError} for an option out of range; {@link TypeError} for one that does not exist
 */
export function resolveTimeWindow(scope: string, options: TimeWindowOptions): TimeWindowSettings {
  checkKeys(scope, options, [
    "failureRatio",
    "minimumThroughput",
    "windowMs",
    "maxWindowMs",
    "consecutiveFailures",
    "consecutiveTimeouts",
  ]);
  const windowMs = checkMs(`${scope}.windowMs`, options.windowMs ?? 10_000);
  const { maxWindowMs = 6 * windowMs } = options;
  if (!(maxWindowMs >= windowMs && maxWindowMs <= MOST_WINDOWS * windowMs)) {
    const allowed = `a number of milliseconds from windowMs (${windowMs}) to ${MOST_WINDOWS} times that`;
    throw invalidOption(`${scope}.maxWindowMs`, allowed, maxWindowMs);
  }
  return {
    failureRatio: checkRatio(`${scope}.failureRatio`, options.failureRatio ?? 0.5),
    minimumThroughput: checkInteger(`${scope}.minimumThroughput`, options.minimumThroughput ?? 20, 1),
    windowMs,
    maxWindowMs,
    consecutiveFailures: checkInteger(`${scope}.consecutiveFailures`, options.consecutiveFailures ?? 7, 1),
    consecutiveTimeouts: checkInteger(`${scope}.consecutiveTimeouts`, options.consecutiveTimeouts ?? 3, 1),
  };
}
