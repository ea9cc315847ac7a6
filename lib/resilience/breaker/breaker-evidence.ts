import type { OpenCause } from "../../errors/local-errors.ts";
import { TimeWindow } from "../time-window.ts";
import type { BreakerSettings } from "./breaker-settings.ts";
import type { Verdict } from "./breaker-state.ts";
import { TimeWindowBreaker, type TripRule } from "./time-window-breaker.ts";

/** How far back the cause of an opening is looked for, in milliseconds; the default rule looks as far. */
const CAUSE_WINDOW_MS = 10_000;

/** Failing probes of another kind after which a target that was loading counts as failing. */
const FAILURES_THAT_CHANGE_THE_CAUSE = 3;

/** cockatiel's `CircuitState.Closed` and `.HalfOpen`: trip rules are told the state as that enumeration. */
const COCKATIEL_CLOSED = 0;
const COCKATIEL_HALF_OPEN = 2;

/** What a target is open for whose probe ended so: with a verdict that is no failure, it was too slow. */
export function failureCause(verdict: Verdict): OpenCause {
  return verdict === "success" || verdict === "ignored" ? "slow" : "failure";
}

/** What a breaker has seen of its target: whether that is reason to open, and for which cause. */
export class BreakerEvidence {
  #settings: BreakerSettings;
  #rule: TripRule;
  /** Slow attempts, which are told to it as failures, and the others. */
  #slowCalls: TripRule | undefined;
  /** Of late: not-ready answers as `good`, other failures as `bad`. */
  #causes: TimeWindow;
  #otherProbeFailures = 0;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
    this.#rule = settings.breaker();
    this.#slowCalls = settings.slowCalls?.();
    this.#causes = this.#newCauses();
  }

  /** Goes by other rules from now on, with what the old ones have counted where they are of one kind. */
  retune(settings: BreakerSettings): void {
    this.#settings = settings;
    this.#rule = continued(settings.breaker(), this.#rule);
    const slowCalls = settings.slowCalls?.();
    this.#slowCalls = slowCalls && continued(slowCalls, this.#slowCalls);
  }

  /** Forgets what the rules have counted: what failed before a recovery says nothing about afterwards. */
  renew(): void {
    this.#rule = this.#settings.breaker();
    this.#slowCalls = this.#settings.slowCalls?.();
    this.#causes = this.#newCauses();
    this.#otherProbeFailures = 0;
  }

  /** Takes note that the target answered an attempt, by a stream that goes on; says whether too many were slow. */
  streamBegan(durationMs: number): boolean {
    this.#rule.answered?.();
    return this.isTooSlow("success", durationMs);
  }

  /**
   * Takes note of what came of an attempt, and says what that is reason to open for, if it is.
   *
   * @param inFlight others that have not ended
   * @param streaming those of them whose stream has begun
   */
  attempted(
    verdict: Verdict,
    durationMs: number,
    inFlight: number,
    streaming: number,
  ): OpenCause | undefined {
    if (verdict === "success") this.#rule.success(COCKATIEL_CLOSED);
    else if (verdict !== "ignored") {
      const undecided = isLate(verdict, durationMs) ? streaming : inFlight;
      if (this.#failed(verdict, undecided)) return this.#commonCause();
    }
    return undefined;
  }

  /**
   * Takes note of how long an attempt took, a stream until its head, and says whether too many were slow. Slow ones end
   * last, so that nothing in flight beside them is to be taken for fast.
   */
  isTooSlow(verdict: Verdict, durationMs: number): boolean {
    const rule = this.#slowCalls;
    if (rule === undefined) return false;
    if (this.isSlow(verdict, durationMs)) return rule.failure(COCKATIEL_CLOSED);
    if (verdict !== "ignored") rule.success(COCKATIEL_CLOSED);
    return false;
  }

  /** Whether it took too long, whatever came of it. A loading model is not slow: it is not there yet. */
  isSlow(verdict: Verdict, durationMs: number): boolean {
    return durationMs >= this.#settings.slowCallMs && verdict !== "notReady";
  }

  probeSucceeded(): void {
    this.#rule.success(COCKATIEL_HALF_OPEN);
  }

  /**
   * Takes note of a failed probe and says what the breaker is open for from now on. A loading model may also
   * answer 503 once; only several such answers in a row say that it is failing.
   */
  probeFailed(openCause: OpenCause, verdict: Verdict): OpenCause {
    this.#rule.failure(COCKATIEL_HALF_OPEN);
    if (verdict === "notReady") {
      this.#otherProbeFailures = 0;
      return "notReady";
    }
    const cause = failureCause(verdict);
    if (openCause !== "notReady") return cause;
    this.#otherProbeFailures++;
    return this.#otherProbeFailures < FAILURES_THAT_CHANGE_THE_CAUSE ? "notReady" : cause;
  }

  /** @param undecided attempts that count as not failed until they end */
  #failed(verdict: Verdict, undecided: number): boolean {
    const now = this.#settings.clock.now();
    if (verdict === "notReady") this.#causes.addGood(now);
    else this.#causes.addBad(now);
    return this.#rule.failure(COCKATIEL_CLOSED, undecided, verdict);
  }

  #newCauses(): TimeWindow {
    return new TimeWindow(CAUSE_WINDOW_MS, this.#settings.clock.now());
  }

  /** The more frequent of the two causes: one 503 among a loading model's answers is not the reason. */
  #commonCause(): OpenCause {
    const now = this.#settings.clock.now();
    return this.#causes.good(now) >= this.#causes.bad(now) ? "notReady" : "failure";
  }
}

/**
 * Attempts in flight count as not failed beside a failure that was quick. Beside a timeout, or one that took longer than
 * the window, only those do whose stream has begun: whatever else began before and is well would have ended by now.
 */
function isLate(verdict: Verdict, durationMs: number): boolean {
  return verdict === "timeout" || durationMs >= CAUSE_WINDOW_MS;
}

/** The rule that follows `previous`: it takes over what that one counted, or begins anew where it cannot. */
function continued(rule: TripRule, previous: TripRule | undefined): TripRule {
  if (previous === undefined || rule.constructor !== previous.constructor) return rule;
  if (rule instanceof TimeWindowBreaker) rule.takeOver(previous as TimeWindowBreaker);
  else rule.state = previous.state;
  return rule;
}
