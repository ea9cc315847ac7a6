import type { Clock } from "../../clock.ts";
import { CircuitOpenError, type OpenCause } from "../../errors/local-errors.ts";
import type { Target } from "../../target.ts";
import type { OverloadSignal } from "../overload-signal.ts";
import { WarmUpGate } from "../warm-up-gate.ts";
import { BreakerEvidence } from "./breaker-evidence.ts";
import type { BreakerSettings } from "./breaker-settings.ts";
import { type BreakerSnapshot, innerOf, snapshotOf } from "./breaker-snapshot.ts";
import type { BreakerInner, BreakerState, Verdict } from "./breaker-state.ts";
import { OpenTimes } from "./open-times.ts";
import { rampShare } from "./recovery-ramp.ts";
import { TransitionLog } from "./transition-log.ts";

/** A refusal of {@link Breaker.admit}. Permits are generations, which are never negative. */
export const REFUSED = -1;

/**
 * The circuit breaker of one target: a state machine on an injected clock, with no timer of its own. Each
 * change of state begins a new generation, and what an attempt of an older one turns out to be is ignored:
 * calls that began before an outage may end long after it.
 */
export class Breaker implements OverloadSignal {
  readonly target: Target;
  /** Where callers wait while the target's model is loading. */
  readonly gate: WarmUpGate;
  lastUsed = 0;
  /** How often each state was entered. */
  readonly transitions: Readonly<Record<BreakerState, number>>;
  readonly #settings: BreakerSettings;
  readonly #clock: Clock;
  readonly #evidence: BreakerEvidence;
  readonly #openTimes: OpenTimes;
  readonly #log: TransitionLog;
  #inner: BreakerInner = { value: "closed" };
  #generation = 0;
  /** Attempts of this generation that were admitted and not settled. */
  #inFlight = 0;

  constructor(target: Target, settings: BreakerSettings) {
    this.target = target;
    this.#settings = settings;
    this.#clock = settings.clock;
    this.#evidence = new BreakerEvidence(settings);
    this.#openTimes = new OpenTimes(settings);
    this.#log = new TransitionLog(settings.onStateChange);
    this.transitions = this.#log.counts;
    this.gate = new WarmUpGate(settings.clock);
  }

  /** The state as of now: an open breaker whose time is up still says `open` until a call asks. */
  get state(): BreakerState {
    return this.#inner.value;
  }

  get isOverloaded(): boolean {
    return this.#inner.value !== "closed";
  }

  /** Asks to run one attempt: a permit to hand back to {@link settle}, or {@link REFUSED}. */
  admit(): number {
    const inner = this.#inner;
    if (inner.value === "closed") return this.#permit();
    if (inner.value === "open" && this.#msUntilProbe(inner) <= 0) {
      this.#move({ value: "halfOpen", cause: inner.cause, admitted: 0, succeeded: 0 });
      return this.admit();
    }
    if (inner.value === "halfOpen" && inner.admitted < this.#probesFor(inner.cause)) {
      inner.admitted++;
      return this.#permit();
    }
    if (inner.value === "recovering") return this.#admitOnRamp(inner.since);
    return REFUSED;
  }

  /** The error for a refusal, which says when the next probe goes through. */
  refusal(): CircuitOpenError {
    const inner = this.#inner;
    if (inner.value === "isolated")
      return new CircuitOpenError(this.target, "isolated", Number.POSITIVE_INFINITY);
    if (inner.value === "open") {
      return new CircuitOpenError(this.target, inner.cause, Math.max(0, this.#msUntilProbe(inner)));
    }
    const cause = inner.value === "halfOpen" ? inner.cause : "failure";
    return new CircuitOpenError(this.target, cause, 0);
  }

  /** Hands a permit back with what its attempt turned out to be, and how long that took. Once per permit. */
  settle(permit: number, verdict: Verdict, durationMs = 0): void {
    if (permit !== this.#generation) return;
    this.#inFlight--;
    const inner = this.#inner;
    if (inner.value === "halfOpen") this.#settleProbe(inner, verdict);
    else if (inner.value === "closed" || inner.value === "recovering") this.#settleCall(verdict, durationMs);
  }

  /** Opens it by hand until {@link reset}; every call is refused. */
  isolate(): void {
    this.#move({ value: "isolated" });
    this.gate.openFor("failure");
  }

  /** Closes it by hand, with a fresh trip rule. */
  reset(): void {
    this.#close();
  }

  /** Its state as plain data, to be restored in another process. */
  snapshot(): BreakerSnapshot {
    return snapshotOf(this.#inner, this.#clock);
  }

  /**
   * Takes over a snapshot, if it is not older than `maxAgeMs`: old news about a target is worse than none.
   * @returns whether it was taken over
   */
  restore(snapshot: BreakerSnapshot, maxAgeMs = 60_000): boolean {
    const inner = innerOf(snapshot, maxAgeMs, this.#clock);
    if (inner === undefined) return false;
    this.#move(inner);
    if (inner.value === "open" && inner.cause === "notReady") this.gate.probeAfter(inner.openForMs);
    else this.gate.openFor(inner.value === "closed" ? "ready" : "failure");
    return true;
  }

  #settleCall(verdict: Verdict, durationMs: number): void {
    if (verdict === "ignored") return;
    if (verdict === "success") {
      this.#evidence.succeeded();
      return;
    }
    if (this.#evidence.failed(verdict, durationMs, this.#inFlight)) this.#open(this.#evidence.commonCause());
    else if (verdict === "notReady" && this.#settings.isOneTarget(this.target)) this.#open("notReady");
  }

  #settleProbe(inner: BreakerInner & { value: "halfOpen" }, verdict: Verdict): void {
    if (verdict === "ignored") {
      inner.admitted--;
      return;
    }
    if (verdict === "success") {
      this.#evidence.probeSucceeded();
      inner.succeeded++;
      if (inner.succeeded >= this.#probesFor(inner.cause)) this.#recover(inner.cause);
      return;
    }
    this.#open(this.#evidence.probeFailed(inner.cause, verdict));
  }

  #open(cause: OpenCause): void {
    const openForMs = this.#openTimes.next(cause);
    this.#move({ value: "open", cause, openedAt: this.#clock.now(), openForMs });
    if (cause === "notReady") this.gate.probeAfter(openForMs);
    else this.gate.openFor("failure");
  }

  #recover(cause: OpenCause): void {
    if (cause === "notReady" || this.#settings.recoveryRampMs === 0) {
      this.#close();
      return;
    }
    this.#evidence.renew();
    this.#move({ value: "recovering", since: this.#clock.now() });
  }

  #close(): void {
    this.#evidence.renew();
    this.#openTimes.reset();
    this.#move({ value: "closed" });
    this.gate.openFor("ready");
  }

  #admitOnRamp(since: number): number {
    const share = rampShare(this.#clock.now() - since, this.#settings.recoveryRampMs);
    if (share < 1) return this.#settings.random() < share ? this.#permit() : REFUSED;
    this.#openTimes.reset();
    this.#move({ value: "closed" });
    return this.#permit();
  }

  #permit(): number {
    this.#inFlight++;
    return this.#generation;
  }

  #probesFor(cause: OpenCause): number {
    return cause === "notReady" ? 1 : this.#settings.halfOpenProbes;
  }

  #msUntilProbe(inner: BreakerInner & { value: "open" }): number {
    return inner.openedAt + inner.openForMs - this.#clock.now();
  }

  #move(to: BreakerInner): void {
    const from = this.#inner.value;
    this.#inner = to;
    this.#generation++;
    this.#inFlight = 0;
    const cause = to.value === "open" ? to.cause : undefined;
    this.#log.add({ target: this.target, from, to: to.value, cause });
  }
}
