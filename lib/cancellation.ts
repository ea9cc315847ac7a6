import type { Clock } from "./clock.ts";

/**
 * Why something was ended early. The layer that cancels says why; the async frame that was waiting makes
 * the error, so that the stack shows the caller and not a timer.
 *
 * `abort`: the caller's signal · `call`: `callTimeoutMs` · `attempt`: `attemptMs` · `socket`: `socketMs`
 * without a byte · `destroyed`: `client.destroy()` · `hedge`: another attempt of the call was faster.
 */
export type CancelReason = "abort" | "call" | "attempt" | "socket" | "destroyed" | "hedge";

/** Something in progress that can be ended early: a wait, a queued permit, an HTTP exchange. */
export interface Cancellable {
  /** Ends it now. The promise behind it settles within the same tick; a second call does nothing. */
  cancel(reason: CancelReason): void;
}

/** Owns at most one {@link Cancellable} at a time; a layer that runs several is itself that one. */
export interface CancelScope {
  running: Cancellable | undefined;
  readonly cancelled: CancelReason | undefined;
}

/**
 * A cancellation as an AbortSignal and a promise: for code of others, which may or may not heed the signal. Where the
 * caller's signal is the cause, the reason is the caller's.
 */
export class CancelSignal implements Cancellable {
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  #onCancelled: ((value: undefined) => void) | undefined;

  constructor(callerSignal: AbortSignal | undefined) {
    this.#callerSignal = callerSignal;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(reason: CancelReason): void {
    this.#controller.abort(reason === "abort" ? this.#callerSignal?.reason : reason);
    this.#onCancelled?.(undefined);
  }

  /**
   * What comes of `work`, or `undefined` once it is cancelled. Nothing of that is kept: it may be a stream that nobody
   * reads, and that is to end when it is garbage.
   */
  async wait<T>(work: PromiseLike<T>): Promise<T | undefined> {
    const cancelled = new Promise<undefined>((resolve) => {
      this.#onCancelled = resolve;
    });
    if (this.signal.aborted) this.#onCancelled?.(undefined);
    try {
      return await Promise.race([work, cancelled]);
    } finally {
      this.#onCancelled = undefined;
    }
  }
}

class Sleep implements Cancellable {
  readonly done: Promise<void>;
  #clock: Clock;
  #timer: unknown;
  #resolve!: () => void;

  constructor(clock: Clock, delayMs: number) {
    this.#clock = clock;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = clock.setTimeout(this.#resolve, delayMs, undefined);
  }

  cancel(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#resolve();
  }
}

/**
 * Waits `delayMs` or until `scope` is cancelled, whichever is first. It never rejects: look at
 * `scope.cancelled` afterwards.
 */
export async function sleep(clock: Clock, delayMs: number, scope: CancelScope): Promise<void> {
  if (scope.cancelled !== undefined) return;
  const wait = new Sleep(clock, delayMs);
  scope.running = wait;
  await wait.done;
  scope.running = undefined;
}
