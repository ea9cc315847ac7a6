/** Handle of a pending timer, given back to {@link Clock.clearTimeout}. */
export type Timer = unknown;

/**
 * The only source of time in the package. Everything that waits, measures or dates takes one of these, so
 * that tests move time by hand.
 */
export interface Clock {
  /** Milliseconds on a monotonic scale. Only differences mean anything; the wall clock may be set back. */
  now(): number;
  /** Milliseconds since the Unix epoch. Only for dates on the wire: signatures, credential expiry. */
  epochNow(): number;
  /** Calls `callback(arg)` once, `delayMs` from now. `arg` saves the closure on paths that run per call. */
  setTimeout<T>(callback: (arg: T) => void, delayMs: number, arg: T): Timer;
  clearTimeout(timer: Timer): void;
  /** Says whether a pending timer keeps the process from ending. A new one does. */
  holdProcess(timer: Timer, isHolding: boolean): void;
}

/** Keeps a timer from keeping the process alive. Timers of a clock that is moved by hand never do. */
export function letProcessEnd(timer: Timer): void {
  (timer as { unref?(): void } | undefined)?.unref?.();
}

/** The longest delay that `setTimeout` takes, in milliseconds; a longer one would fire at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/** Real time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epochNow: () => Date.now(),
  setTimeout: (callback, delayMs, arg) => setTimeout(callback, Math.min(delayMs, MAX_TIMER_MS), arg),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  holdProcess: (timer, isHolding) => {
    if (isHolding) (timer as NodeJS.Timeout).ref();
    else (timer as NodeJS.Timeout).unref();
  },
};
