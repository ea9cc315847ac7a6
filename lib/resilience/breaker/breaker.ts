import type { Clock } from "../../clock.ts";
import type { CircuitOpenError, OpenCause } from "../../errors/local-errors.ts";
import type { Target } from "../../target.ts";
import type { OverloadSignal } from "../overload-signal.ts";
import { WarmUpGate } from "../warm-up-gate.ts";
import { BreakerEvidence, failureCause } from "./breaker-evidence.ts";
import { msUntilProbe, refusalOf } from "./breaker-refusal.ts";
import type { BreakerSettings } from "./breaker-settings.ts";
import { type BreakerSnapshot, innerOf, snapshotOf } from "./breaker-snapshot.ts";
import type { BreakerInner, BreakerState, Verdict } from "./breaker-state.ts";
import { OpenTimes } from "./open-times.ts";
import { ProbeRound } from "./probe-round.ts";
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
  #settings: BreakerSettings;
  readonly #clock: Clock;
  readonly #evidence: BreakerEvidence;
  readonly #openTimes: OpenTimes;
  readonly #log: TransitionLog;
  #inner: BreakerInner = { value: "closed" };
  #generation = 0;
  /** Attempts of this generation that were admitted and not settled. */
  #inFlight = 0;
  /** Those of them whose stream has begun. */
  #streaming = 0;
  /** {@link Clock.now} from which another process's word makes it probe again. */
  #believesAgainAt = Number.NEGATIVE_INFINITY;

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

  /** Goes by other settings from now on, in the state that it is in and with what it has seen. */
  retune(settings: BreakerSettings): void {
    this.#settings = settings;
    this.#evidence.retune(settings);
    this.#openTimes.settings = settings;
    this.#log.onStateChange = settings.onStateChange;
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
    if (inner.value === "open" && msUntilProbe(inner, this.#clock.now()) <= 0) {
      this.#move({ value: "halfOpen", probes: this.#newRound(inner.cause) });
      return this.admit();
    }
    if (inner.value === "halfOpen") return this.#admitProbe(inner.probes);
    if (inner.value === "recovering") return this.#admitOnRamp(inner.since);
    return REFUSED;
  }

  /** The error for a refusal, which says when the next probe goes through. */
  refusal(): CircuitOpenError {
    return refusalOf(this.target, this.#inner, this.#clock.now());
  }

  /** Takes note of a stream that began after so long. That may be too slow; {@link settle} is told how it went. */
  streamBegan(permit: number, durationMs = 0): void {
    if (permit !== this.#generation) return;
    this.#streaming++;
    if (this.#evidence.streamBegan(durationMs)) this.#open("slow");
  }

  /** Hands a permit back, with what its attempt turned out to be and how long that took. Once per permit. */
  settle(permit: number, verdict: Verdict, durationMs = 0, wasStreaming = false): void {
    if (permit !== this.#generation) return;
    this.#inFlight--;
    if (wasStreaming) this.#streaming--;
    const inner = this.#inner;
    if (inner.value !== "halfOpen") this.#settleCall(verdict, durationMs, wasStreaming);
    else if (inner.probes.isEarly) this.#settleEarlyProbe(inner.probes, verdict, durationMs);
    else this.#settleProbe(inner.probes, verdict, durationMs);
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

  /**
   * Takes another process's word that its breaker of this target has opened: a closed breaker asks for itself
   * with `halfOpenProbes` attempts at once. It refuses others only while those run, and for `halfOpenAfterMs` at
   * the most; one success and it goes on as before. Then it believes nobody for another `halfOpenAfterMs`.
   */
  probeEarly(): void {
    const now = this.#clock.now();
    if (this.#inner.value !== "closed" || now < this.#believesAgainAt) return;
    this.#believesAgainAt = now + 2 * this.#settings.earlyProbingMs;
    this.#move({ value: "halfOpen", probes: this.#newRound("fleet") });
  }

  /** Takes another process's word that its breaker has closed: one that is open for failures asks at once. */
  probeNow(): void {
    const inner = this.#inner;
    if (inner.value === "open" && inner.cause !== "notReady") this.#inner = { ...inner, openForMs: 0 };
  }

  /** Its state as plain data, to be restored in another process. */
  snapshot(): BreakerSnapshot {
    return snapshotOf(this.#inner, this.#clock);
  }

  /**
   * Takes over a snapshot, if it is not older than `maxAgeMs`: old news about a target is worse than none.
   * @returns whether it was taken over; what is no snapshot is a RangeError
   */
  restore(snapshot: BreakerSnapshot, maxAgeMs = 60_000): boolean {
    const inner = innerOf(snapshot, maxAgeMs, this.#clock);
    if (inner === undefined) return false;
    if (inner.value === "closed") {
      this.#close();
      return true;
    }
    this.#move(inner);
    if (inner.value === "open" && inner.cause === "notReady") this.gate.probeAfter(inner.openForMs);
    else this.gate.openFor("failure");
    return true;
  }

  #settleCall(verdict: Verdict, durationMs: number, wasStreaming = false): void {
    const isTooSlow = !wasStreaming && this.#evidence.isTooSlow(verdict, durationMs);
    let cause = this.#evidence.attempted(verdict, durationMs, this.#inFlight, this.#streaming);
    if (isTooSlow) cause ??= "slow";
    if (cause !== undefined) this.#open(cause);
    else if (verdict === "notReady" && this.#settings.isOneTarget(this.target)) this.#open("notReady");
  }

  #admitProbe(probes: ProbeRound): number {
    if (probes.isEarly && this.#clock.now() - probes.startedAt >= this.#settings.earlyProbingMs) {
      this.#move({ value: "closed" });
      return this.#permit();
    }
    return probes.admit(this.#clock.now()) ? this.#permit() : REFUSED;
  }

  #settleProbe(probes: ProbeRound, verdict: Verdict, durationMs: number): void {
    const isSlow = this.#evidence.isSlow(verdict, durationMs);
    if (verdict === "ignored" && !isSlow) probes.giveBack();
    else if (verdict === "success" && !isSlow) {
      this.#evidence.probeSucceeded();
      if (probes.succeeded()) this.#recover(probes.cause);
    } else {
      if (probes.isAnswered) this.#openTimes.reset();
      this.#open(this.#evidence.probeFailed(probes.cause, verdict));
    }
  }

  /** An early probe counts as any call of a closed breaker, which it is but for the number of them at once. */
  #settleEarlyProbe(probes: ProbeRound, verdict: Verdict, durationMs: number): void {
    this.#settleCall(verdict, durationMs);
    if (this.#inner.value !== "halfOpen") return;
    const isSlow = this.#evidence.isSlow(verdict, durationMs);
    if (verdict === "success" && !isSlow) this.#move({ value: "closed" });
    else if (!isSlow && (verdict === "ignored" || verdict === "notReady")) probes.giveBack();
    else if (probes.failed()) this.#open(failureCause(verdict));
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

  /** As many at once as there were probes are never refused: a target with few calls needs no ramp. */
  #admitOnRamp(since: number): number {
    const { recoveryRampMs, halfOpenProbes, random } = this.#settings;
    const share = rampShare(this.#clock.now() - since, recoveryRampMs);
    if (share < 1) return this.#inFlight < halfOpenProbes || random() < share ? this.#permit() : REFUSED;
    this.#openTimes.reset();
    this.#move({ value: "closed" });
    return this.#permit();
  }

  #permit(): number {
    this.#inFlight++;
    return this.#generation;
  }

  #newRound(cause: OpenCause): ProbeRound {
    const count = cause === "notReady" ? 1 : this.#settings.halfOpenProbes;
    return new ProbeRound(cause, count, this.#clock.now(), this.#settings.probePatienceMs);
  }

  #move(to: BreakerInner): void {
    const from = this.#inner.value;
    this.#inner = to;
    this.#generation++;
    this.#inFlight = 0;
    this.#streaming = 0;
    const cause = to.value === "open" ? to.cause : to.value === "halfOpen" ? to.probes.cause : undefined;
    this.#log.add({ target: this.target, from, to: to.value, cause });
  }
}
