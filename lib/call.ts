import { Attempt, type AttemptKind, type AttemptRecord } from "./attempt.ts";
import { shareContext } from "./call-context.ts";
import type { Cancellable, CancelReason, CancelScope } from "./cancellation.ts";
import type { Clock } from "./clock.ts";
import type { Operation } from "./operations/operation.ts";
import type { Recorder } from "./recorder.ts";
import type { FallbackState } from "./resilience/fallback/fallback-state.ts";
import type { CallPriority } from "./resilience/limiter/priority.ts";
import type { OverloadSignal } from "./resilience/overload-signal.ts";
import type { RetryBudget } from "./resilience/retry-budget.ts";
import type { WarmUpGate } from "./resilience/warm-up-gate.ts";
import type { Target } from "./target.ts";

/** What one call may override, already validated. */
export interface CallSettings {
  readonly abortSignal: AbortSignal | undefined;
  /** Bound of the whole call in milliseconds; `undefined`: the client's `callTimeoutMs`. */
  readonly callTimeoutMs: number | undefined;
  /** Bound of one attempt in milliseconds; `undefined`: the client's `timeouts.attemptMs`. */
  readonly attemptTimeoutMs: number | undefined;
  /** Who goes first where calls queue for a permit. */
  readonly priority: CallPriority;
  /** Whose share of a target's permits the call counts for; `undefined`: all calls without one, together. */
  readonly fairnessKey: string | undefined;
  /** Whether an alternative may answer, where the client has some. */
  readonly mayFallBack: boolean;
}

/** Told once, when the caller has the answer or the error; of a stream, when it is handed over. */
export interface CallListener {
  /** `error` is `undefined` where the call was answered. */
  callSettled(call: Call, error: unknown): void;
}

const NO_ATTEMPTS: Attempt[] = [];

/**
 * State of one call on its way through the stack, as `args.call`. Layers meet here and nowhere else: what
 * one layer needs to know of another stands on the call.
 */
export class Call implements CancelScope, Cancellable {
  readonly operation: Operation;
  readonly target: Target;
  readonly settings: CallSettings;
  readonly clock: Clock;
  /** {@link Clock.now} at the start. */
  readonly startedAt: number;
  /** {@link Clock.now} by which the call ends; `Infinity` where no `deadline` layer set one. */
  deadlineAt = Number.POSITIVE_INFINITY;
  /** The bound that `deadlineAt` came from, for the error; 0 where there is none. */
  callTimeoutMs = 0;
  /** Whether the operation may run twice: an enqueue or a new session may not, once bytes were written. */
  readonly isRepeatable: boolean;
  #attempts: Attempt[] = NO_ATTEMPTS;
  /** The attempt whose end is the call's: the newest, or of two that ran at once the one that counts. */
  decidedBy: Attempt | undefined;
  /** Time spent waiting between attempts so far, in milliseconds. */
  retryDelayMs = 0;
  /** Where decisions are counted; `undefined` without the `metrics` layer. */
  recorder: Recorder | undefined;
  /** The payload that `serialize` hashed; `sign` hashes again where a layer has put another one in its place. */
  hashedBody: Uint8Array | undefined;
  /** What only a call has that may fall back, or that is an alternative. */
  fallback: FallbackState | undefined;
  /** Where to wait for a model that is being loaded; set by `circuitBreaker`. */
  gate: WarmUpGate | undefined;
  /** What everything beyond the first attempt is paid from; set by `retry`. */
  budget: RetryBudget | undefined;
  /** The guards of the target, set by the layers that keep them: a breaker, and a limiter of what is in flight. */
  breaker: OverloadSignal | undefined;
  limiter: OverloadSignal | undefined;
  running: Cancellable | undefined;
  cancelled: CancelReason | undefined;
  /** Its place among the calls that have not ended; {@link LiveCalls}' own. */
  liveIndex: number | undefined;
  /** With room for those of a default client, as in {@link Attempt}. */
  readonly #listeners: (CallListener | undefined)[] = [undefined, undefined];
  #listenerCount = 0;
  /** Attempts that were made before those of this call, for their numbers. */
  #attemptsBefore = 0;

  constructor(
    operation: Operation,
    target: Target,
    isRepeatable: boolean,
    settings: CallSettings,
    clock: Clock,
    startedAt = clock.now(),
  ) {
    this.operation = operation;
    this.target = target;
    this.isRepeatable = isRepeatable;
    this.settings = settings;
    this.clock = clock;
    this.startedAt = startedAt;
    this.recorder = undefined;
    this.hashedBody = undefined;
    this.fallback = undefined;
    this.gate = undefined;
    this.decidedBy = undefined;
    this.budget = undefined;
    this.breaker = undefined;
    this.limiter = undefined;
    this.running = undefined;
    this.cancelled = undefined;
    this.liveIndex = undefined;
  }

  /** Every attempt so far, oldest first, hedges included. */
  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  /** How many attempts there were, those of others included. */
  get attemptCount(): number {
    return this.#attempts.length + (this.fallback?.attemptsElsewhere ?? 0);
  }

  /**
   * Opens the next attempt. Unless it is a hedge it is what {@link cancel} ends, and what decides the call: of
   * two that run at once, both are for the layer to say that runs them.
   */
  startAttempt(kind: AttemptKind, target: Target = this.target): Attempt {
    const attempt = new Attempt(
      this,
      (this.attempts.at(-1)?.number ?? this.#attemptsBefore) + 1,
      kind === "first" && this.fallback?.isAlternative === true ? "fallback" : kind,
      target,
    );
    // Not by a push onto an empty array, which makes room for 17.
    if (this.#attempts === NO_ATTEMPTS) this.#attempts = [attempt];
    else this.#attempts.push(attempt);
    if (kind !== "hedge") {
      this.running = attempt;
      this.decidedBy = attempt;
    }
    // A layer above may have gone on although the call was cancelled: what it starts is cancelled, too.
    attempt.cancelled = this.cancelled;
    return attempt;
  }

  /** Tells `listener` when the call is settled, the layers inside of it first. See {@link Attempt.onEnd}. */
  onSettled(listener: CallListener): void {
    this.#listeners[this.#listenerCount++] = listener;
  }

  /**
   * Marks that the caller has its answer or error. What was tried and is still open ends with it, but not what was
   * adopted: a fork may go on for other callers, and ends its attempts itself.
   */
  settle(error: unknown): void {
    // Nothing is sent again, and a stream may go on for long.
    this.hashedBody = undefined;
    const last = this.decidedBy?.call === this ? this.decidedBy : undefined;
    if (error === undefined) last?.finish();
    else last?.end(error);
    while (this.#listenerCount > 0) this.#listeners[--this.#listenerCount]?.callSettled(this, error);
  }

  /** Takes back an attempt that a layer refused before anything was sent. */
  withdraw(attempt: Attempt): void {
    const index = this.attempts.lastIndexOf(attempt);
    if (index >= 0) this.#attempts.splice(index, 1);
    if (this.decidedBy === attempt) this.decidedBy = this.attempts.at(-1);
  }

  /** Takes on again an attempt that was withdrawn, for a layer that knows another place for it. */
  reinstate(attempt: Attempt): void {
    attempt.isRefused = false;
    this.#attempts.push(attempt);
    if (attempt.kind !== "hedge") this.decidedBy = attempt;
  }

  /**
   * A call of its own for one run of the layers inside of one that may run them more than once, or for more than
   * one caller. It shares the deadline and nothing that ends; what it did is to be {@link adopt}ed.
   */
  fork(target = this.target, fallback = this.fallback): Call {
    const { operation, isRepeatable, settings, clock, startedAt } = this;
    const fork = new Call(operation, target, isRepeatable, settings, clock, startedAt);
    fork.fallback = fallback;
    fork.deadlineAt = this.deadlineAt;
    fork.callTimeoutMs = this.callTimeoutMs;
    fork.recorder = this.recorder;
    fork.hashedBody = this.hashedBody;
    fork.cancelled = this.cancelled;
    shareContext(this, fork);
    fork.#attemptsBefore = this.attempts.at(-1)?.number ?? this.#attemptsBefore;
    return fork;
  }

  /** Takes over what a fork did: its attempts, its waits, and what decided it. */
  adopt(fork: Call): void {
    this.#attempts = [...this.#attempts, ...fork.#attempts];
    this.decidedBy = fork.decidedBy ?? this.decidedBy;
    this.retryDelayMs += fork.retryDelayMs;
  }

  /** Whether the target has too much to do now, as far as the layers know. */
  isTargetOverloaded(): boolean {
    return this.breaker?.isOverloaded === true || this.limiter?.isOverloaded === true;
  }

  /** Ends the call for good: whatever runs now is ended, and nothing starts afterwards. */
  cancel(reason: CancelReason): void {
    if (this.cancelled !== undefined) return;
    this.cancelled = reason;
    this.running?.cancel(reason);
  }

  /** Milliseconds until the deadline; `Infinity` without one, never below 0. */
  remainingMs(): number {
    return Math.max(0, this.deadlineAt - this.clock.now());
  }

  /** Whether a model may have run for this call, even though the caller has no answer from it. */
  mayHaveExecuted(): boolean {
    if (this.fallback?.mayHaveExecutedElsewhere === true) return true;
    return this.attempts.some((attempt) => attempt.mayHaveExecuted());
  }

  /** What happened at each try, for errors. */
  history(): AttemptRecord[] {
    return this.attempts.map((attempt) => attempt.toRecord());
  }
}
