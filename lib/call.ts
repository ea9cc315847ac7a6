import { Attempt, type AttemptKind, type AttemptRecord } from "./attempt.ts";
import type { Cancellable, CancelReason, CancelScope } from "./cancellation.ts";
import type { Clock } from "./clock.ts";
import type { Operation } from "./operations/operation.ts";
import type { Recorder } from "./recorder.ts";
import type { WarmUpGate } from "./resilience/warm-up-gate.ts";
import type { Target } from "./target.ts";

/** What one call may override, already validated. */
export interface CallSettings {
  readonly abortSignal: AbortSignal | undefined;
  /** Bound of the whole call in milliseconds; `undefined`: the client's `callTimeoutMs`. */
  readonly callTimeoutMs: number | undefined;
  /** Bound of one attempt in milliseconds; `undefined`: the client's `timeouts.attemptMs`. */
  readonly attemptTimeoutMs: number | undefined;
}

/** Told once, when the caller has the answer or the error; of a stream, when it is handed over. */
export interface CallListener {
  /** `error` is `undefined` where the call was answered. */
  callSettled(call: Call, error: unknown): void;
}

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
  /** Every attempt so far, oldest first, hedges included. */
  readonly attempts: Attempt[] = [];
  /** Time spent waiting between attempts so far, in milliseconds. */
  retryDelayMs = 0;
  /** Where decisions are counted; `undefined` without the `metrics` layer. */
  recorder: Recorder | undefined;
  /** The payload that `serialize` hashed; `sign` hashes again where a layer has put another one in its place. */
  hashedBody: Uint8Array | undefined;
  /** Where to wait for a model that is being loaded; set by `circuitBreaker`. */
  gate: WarmUpGate | undefined;
  running: Cancellable | undefined;
  cancelled: CancelReason | undefined;
  readonly #listeners: CallListener[] = [];

  constructor(
    operation: Operation,
    target: Target,
    isRepeatable: boolean,
    settings: CallSettings,
    clock: Clock,
  ) {
    this.operation = operation;
    this.target = target;
    this.isRepeatable = isRepeatable;
    this.settings = settings;
    this.clock = clock;
    this.startedAt = clock.now();
    this.recorder = undefined;
    this.hashedBody = undefined;
    this.gate = undefined;
    this.running = undefined;
    this.cancelled = undefined;
  }

  /** Opens the next attempt and makes it what {@link cancel} ends. */
  startAttempt(kind: AttemptKind): Attempt {
    const attempt = new Attempt(this, this.attempts.length + 1, kind);
    this.attempts.push(attempt);
    this.running = attempt;
    // A layer above may have gone on although the call was cancelled: what it starts is cancelled, too.
    attempt.cancelled = this.cancelled;
    return attempt;
  }

  /** Tells `listener` when the call is settled, the layers inside of it first. See {@link Attempt.onEnd}. */
  onSettled(listener: CallListener): void {
    this.#listeners.push(listener);
  }

  /** Marks that the caller has its answer or error. What was tried and is still open ends with it. */
  settle(error: unknown): void {
    const last = this.attempts.at(-1);
    if (error === undefined) last?.finish();
    else last?.end(error);
    for (let index = this.#listeners.length - 1; index >= 0; index--) {
      this.#listeners[index]!.callSettled(this, error);
    }
  }

  /** Takes back the newest attempt, which a layer refused before anything was sent. */
  withdraw(attempt: Attempt): void {
    if (this.attempts.at(-1) === attempt) this.attempts.pop();
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
    return this.attempts.some((attempt) => attempt.mayHaveExecuted());
  }

  /** What happened at each try, for errors. */
  history(): AttemptRecord[] {
    return this.attempts.map((attempt) => attempt.toRecord());
  }
}
