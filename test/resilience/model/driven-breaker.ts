import type { CircuitState } from "cockatiel";
import type { OpenCause } from "../../../lib/errors/local-errors.ts";
import { Breaker, REFUSED } from "../../../lib/resilience/breaker/breaker.ts";
import { resolveBreaker } from "../../../lib/resilience/breaker/breaker-settings.ts";
import type { BreakerTransition, Verdict } from "../../../lib/resilience/breaker/breaker-state.ts";
import type { CircuitBreakerOptions } from "../../../lib/resilience/breaker/options.ts";
import { targetOf } from "../../../lib/target.ts";
import { FakeClock } from "../../support/fake-clock.ts";

/** Longer than anything that a breaker remembers or waits for. */
export const QUIET_MS = 100_000;

const RECOVERY_RAMP_MS = 2;
const HALF_OPEN_AFTER_MS = 1;
const PROBES = 2;
/** Silence of its probes after which a breaker asks with one more. */
export const PATIENCE_MS = 2;

/** Times of a few ticks, so that every moment of them is visited. */
const OPTIONS: CircuitBreakerOptions = {
  halfOpenAfterMs: HALF_OPEN_AFTER_MS,
  maxOpenMs: PATIENCE_MS,
  halfOpenProbes: PROBES,
  recoveryRampMs: RECOVERY_RAMP_MS,
  warmUp: { initialDelayMs: 1, maxDelayMs: 2 },
};

/** Opens at the second failure in a row. It can be seen what it counted and what it was told. */
class SecondInARow {
  state: unknown = undefined;
  failures = 0;
  undecided: number | undefined;

  success(): void {
    this.failures = 0;
  }

  failure(_state: CircuitState, undecided?: number): boolean {
    this.undecided = undecided;
    this.failures++;
    return this.failures >= 2;
  }
}

interface Held {
  readonly permit: number;
  /** How many transitions there had been when it was given. */
  readonly generation: number;
}

/**
 * A real breaker, the permits that it has given and not got back, and a record of what was done to it: as much
 * of the past as its future depends on.
 */
export class DrivenBreaker {
  readonly clock = new FakeClock();
  readonly breaker: Breaker;
  held: Held[] = [];
  /** What the last {@link admit} gave. */
  lastAdmitted = REFUSED;
  rule = new SecondInARow();
  /** Of the current state: since when it is, and how many of its probes have ended, and how. */
  since = 0;
  succeeded = 0;
  failed = 0;
  /** Of its probes: those beyond the number, and how long the others had been silent when the last of them went. */
  extraProbes = 0;
  silentMs = Number.POSITIVE_INFINITY;
  #lastAdmittedAt = 0;
  #generation = 0;
  #opening: { readonly cause: OpenCause; readonly times: number } | undefined;
  /** Not-ready answers less other failures since it last recovered: which of them is the cause of an opening. */
  #balance = 0;
  #otherProbeFailures = 0;
  #believesAgainAt = 0;
  #roundCause: OpenCause | undefined;
  #isRestoring = false;
  #isResetting = false;

  constructor(
    modelName?: string,
    options: CircuitBreakerOptions = OPTIONS,
    random: () => number = () => 0.5,
  ) {
    const target = targetOf({ EndpointName: "churn", ...(modelName && { TargetModel: modelName }) });
    const settings = resolveBreaker(
      {
        ...options,
        breaker: () => {
          this.rule = new SecondInARow();
          return this.rule;
        },
        onStateChange: (transition) => this.#moved(transition),
      },
      { clock: this.clock, random },
    );
    this.breaker = new Breaker(target, {
      ...settings,
      openForMs: (cause, times) => {
        this.#opening = { cause, times };
        return settings.openForMs(cause, times);
      },
    });
  }

  get current(): readonly Held[] {
    return this.held.filter(({ generation }) => generation === this.#generation);
  }

  get stale(): readonly Held[] {
    return this.held.filter(({ generation }) => generation !== this.#generation);
  }

  /** A round of probes that another process's word began. */
  get isEarly(): boolean {
    return this.breaker.state === "halfOpen" && this.breaker.refusal().openCause === "fleet";
  }

  /** Attempts that may have been admitted in this round of probes: one first, unless it is an early one. */
  get probesAllowed(): number {
    if (this.breaker.refusal().openCause === "notReady") return 1 + this.extraProbes;
    return (this.isEarly || this.succeeded > 0 ? PROBES : 1) + this.extraProbes;
  }

  /** Attempts of this round that were admitted and have not given their place back. */
  get probes(): number {
    return this.current.length + this.succeeded + this.failed;
  }

  admit(): void {
    this.lastAdmitted = this.breaker.admit();
    if (this.lastAdmitted === REFUSED) return;
    this.held.push({ permit: this.lastAdmitted, generation: this.#generation });
    const now = this.clock.now();
    if (this.breaker.state === "halfOpen" && this.probes > this.probesAllowed) {
      this.extraProbes++;
      this.silentMs = now - this.#lastAdmittedAt;
    }
    this.#lastAdmittedAt = now;
  }

  settle(one: Held, verdict: Verdict): void {
    this.held.splice(this.held.indexOf(one), 1);
    if (one.generation === this.#generation) this.#record(verdict);
    this.breaker.settle(one.permit, verdict);
  }

  reset(): void {
    this.#isResetting = true;
    this.breaker.reset();
    this.#isResetting = false;
  }

  /** Ends the process and lets another one take over. */
  hand(over: (snapshot: ReturnType<Breaker["snapshot"]>) => ReturnType<Breaker["snapshot"]>): void {
    const snapshot = over(this.breaker.snapshot());
    // One that is closed begins anew, with nothing counted.
    this.#isResetting = snapshot.state === "closed";
    this.#isRestoring = !this.#isResetting;
    this.breaker.restore(snapshot);
    this.#isRestoring = false;
    this.#isResetting = false;
  }

  pass(ms: number): void {
    this.clock.skip(ms);
    if (ms >= QUIET_MS) this.#balance = 0;
  }

  /** Everything that can be seen of it from outside. */
  seen(): string {
    const { takenAt: _, ...snapshot } = this.breaker.snapshot();
    const { openCause, retryAfterMs } = this.breaker.refusal();
    const { state, transitions, gate } = this.breaker;
    return JSON.stringify([state, snapshot, transitions, openCause, retryAfterMs, gate.isClosed, this.rule]);
  }

  /** Everything that its future depends on: what is too long ago or too often to matter is left out. */
  key(): string {
    const { takenAt: _, ...snapshot } = this.breaker.snapshot();
    const { state, gate } = this.breaker;
    const held = `${this.current.length} held, ${this.stale.length} stale`;
    const opening = this.#opening && `${this.#opening.cause} x ${Math.min(this.#opening.times, 2)}`;
    const probeAt = gate.isClosed ? gate.msUntilProbe() : "open";
    const deafMs = Math.max(0, this.#believesAgainAt - this.clock.now());
    return JSON.stringify([state, snapshot, this.isEarly, deafMs, probeAt, held, opening, this.#evidence()]);
  }

  /** What was counted, where it may still decide something: every recovery begins with nothing counted. */
  #evidence(): readonly number[] {
    const { state } = this.breaker;
    const age = Math.min(this.clock.now() - this.since, RECOVERY_RAMP_MS);
    const counted = [age, Math.min(this.rule.failures, 2), Math.max(-2, Math.min(this.#balance, 2))];
    if (this.isEarly) return [...counted, this.failed];
    if (state === "halfOpen" || state === "open") {
      const isLoading = this.breaker.refusal().openCause === "notReady";
      const silentMs = Math.min(this.clock.now() - this.#lastAdmittedAt, PATIENCE_MS);
      const probes = state === "halfOpen" ? [this.extraProbes, silentMs] : [];
      return [this.succeeded, isLoading ? Math.min(this.#otherProbeFailures, 3) : 0, ...probes];
    }
    if (state === "isolated") return [];
    return state === "recovering" ? counted : counted.with(0, 0);
  }

  #record(verdict: Verdict): void {
    if (verdict === "ignored") this.extraProbes = Math.max(0, this.extraProbes - 1);
    if (verdict === "ignored") return;
    const isProbe = this.breaker.state === "halfOpen";
    const isFailure = verdict === "failure" || verdict === "timeout";
    if (verdict === "success") this.succeeded++;
    if (isFailure) this.failed++;
    if (isProbe && verdict === "notReady") this.#otherProbeFailures = 0;
    if (isProbe && isFailure && this.breaker.refusal().openCause === "notReady") this.#otherProbeFailures++;
    if (isProbe && !this.isEarly) return;
    if (verdict === "notReady") this.#balance++;
    if (isFailure) this.#balance--;
  }

  #moved({ from, to, cause }: BreakerTransition): void {
    const wasEarly = from === "halfOpen" && this.#roundCause === "fleet";
    if (to === "halfOpen") this.#roundCause = cause;
    this.#generation++;
    this.since = this.clock.now();
    this.succeeded = 0;
    this.failed = 0;
    this.extraProbes = 0;
    if (cause === "fleet") this.#believesAgainAt = this.clock.now() + 2 * HALF_OPEN_AFTER_MS;
    if (this.#isRestoring) return;
    const isClosing = to === "closed" && (this.#isResetting || !wasEarly);
    if (isClosing) this.#opening = undefined;
    // What was counted on the ramp, as in an early round, still counts after it.
    if (to === "recovering" || (isClosing && (this.#isResetting || from !== "recovering"))) {
      this.#balance = 0;
      this.#otherProbeFailures = 0;
    }
  }
}
