import type { IBackoff, IBackoffFactory, IRetryBackoffContext } from "cockatiel";

/**
 * The numbers that the AWS SDKs retry with since November 2026 (their standard mode): 50 ms after a passing
 * fault, 1 s after throttling, doubled for each retry, at most 20 s, all of it at random ("full jitter").
 */
const TRANSIENT_BASE_MS = 50;
const THROTTLED_BASE_MS = 1_000;
const MAX_DELAY_MS = 20_000;

/** The longest that a server's hint stretches a delay, in milliseconds; also from the AWS SDKs. */
const MAX_HINT_EXTENSION_MS = 5_000;

/** Milliseconds before retry `n` (from 0), by default. */
export function defaultDelayMs(kind: "transient" | "throttled", n: number, random: () => number): number {
  const base = kind === "throttled" ? THROTTLED_BASE_MS : TRANSIENT_BASE_MS;
  return Math.floor(random() * Math.min(base * 2 ** n, MAX_DELAY_MS));
}

/** A hint of the server replaces a shorter delay, and stretches it by 5 s at the most. */
export function withHint(delayMs: number, hintMs: number | undefined): number {
  if (hintMs === undefined) return delayMs;
  return Math.max(delayMs, Math.min(hintMs, delayMs + MAX_HINT_EXTENSION_MS));
}

/** Steps through a cockatiel back-off, which is a chain of immutable links. */
export class BackoffSteps {
  #link: IBackoffFactory<IRetryBackoffContext<unknown>>;

  constructor(factory: IBackoffFactory<IRetryBackoffContext<unknown>>) {
    this.#link = factory;
  }

  /** Milliseconds before the next retry, the `attempt`-th (from 1). */
  next(attempt: number, error: unknown, signal: AbortSignal): number {
    const reason = error instanceof Error ? { error } : { value: error };
    const link: IBackoff<IRetryBackoffContext<unknown>> = this.#link.next({
      attempt,
      signal,
      result: reason,
    });
    this.#link = link;
    return link.duration;
  }
}
