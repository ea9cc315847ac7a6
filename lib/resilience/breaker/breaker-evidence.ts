import type { OpenCause } from "../../errors/local-errors.ts";
import { TimeWindow } from "../time-window.ts";
import type { BreakerSettings } from "./breaker-settings.ts";
import type { Verdict } from "./breaker-state.ts";
import type { TripRule } from "./time-window-breaker.ts";

/** How far back the cause of an opening is looked for, in milliseconds; the default rule looks as far. */
const CAUSE_WINDOW_MS = 10_000;

/** Failing probes of another kind after which a target that was loading counts as failing. */
const FAILURES_THAT_CHANGE_THE_CAUSE = 3;

/** cockatiel's `CircuitState.Closed` and `.HalfOpen`: trip rules are told the state as that enumeration. */
const COCKATIEL_CLOSED = 0;
const COCKATIEL_HALF_OPEN = 2;

/** What a breaker has seen of its target: whether that is reason to open, and for which cause. */
export class BreakerEvidence {
  readonly #settings: BreakerSettings;
  #rule: TripRule;
  /** Of late: not-ready answers as `good`, other failures as `bad`. */
  #causes: TimeWindow;
  #otherProbeFailures = 0;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
    this.#rule = settings.breaker();
    this.#causes = this.#newCauses();
  }

  /** Forgets what the rule has counted: what failed before a recovery says nothing about afterwards. */
  renew(): void {
    this.#rule = this.#settings.breaker();
    this.#causes = this.#newCauses();
    this.#otherProbeFailures = 0;
  }

  succeeded(): void {
    this.#rule.success(COCKATIEL_CLOSED);
  }

  probeSucceeded(): void {
    this.#rule.success(COCKATIEL_HALF_OPEN);
  }

  /**
   * Takes note of a failed attempt; true where it is reason to open.
   *
   * Attempts in flight count as not failed beside a failure that was quick. Beside one that took longer than
   * the window they do not: where everything hangs, most of what is in flight will fail as well.
   */
  failed(verdict: Verdict, durationMs: number, inFlight: number): boolean {
    const undecided = durationMs < CAUSE_WINDOW_MS ? inFlight : 0;
    const now = this.#settings.clock.now();
    if (verdict === "notReady") this.#causes.addGood(now);
    else this.#causes.addBad(now);
    return this.#rule.failure(COCKATIEL_CLOSED, undecided);
  }

  #newCauses(): TimeWindow {
    return new TimeWindow(CAUSE_WINDOW_MS, this.#settings.clock.now());
  }

  /** The more frequent of the two causes: one 503 among a loading model's answers is not the reason. */
  commonCause(): OpenCause {
    const now = this.#settings.clock.now();
    return this.#causes.good(now) >= this.#causes.bad(now) ? "notReady" : "failure";
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
    if (openCause !== "notReady") return "failure";
    this.#otherProbeFailures++;
    return this.#otherProbeFailures < FAILURES_THAT_CHANGE_THE_CAUSE ? "notReady" : "failure";
  }
}
