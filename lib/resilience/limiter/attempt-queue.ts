import type { Attempt } from "../../attempt.ts";
import type { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import { refuseAttempt } from "./refuse-attempt.ts";
import type { WaitEnd, Waiter } from "./waiter.ts";

/** Has the attempt wait for a permit, or throws the error of one that may not. */
export function joinQueue(limiter: ConcurrencyLimiter, attempt: Attempt): Waiter {
  const { priority, fairnessKey } = attempt.call.settings;
  if (attempt.cancelled !== undefined) throw refuseAttempt(limiter, attempt, "cancelled");
  const waiter = limiter.enqueue(priority, fairnessKey, attempt.call);
  if (waiter === undefined) throw refuseAttempt(limiter, attempt, "full");
  attempt.running = waiter;
  return waiter;
}

/** The permit that the wait ended with, or throws the error of an attempt that goes without. */
export function leaveQueue(
  limiter: ConcurrencyLimiter,
  attempt: Attempt,
  waiter: Waiter,
  end: WaitEnd,
): number {
  const { settings, clock, recorder } = attempt.call;
  attempt.running = undefined;
  attempt.admittedAt = clock.now();
  recorder?.queued(attempt.call, attempt.admittedAt - waiter.queuedAt);
  if (typeof end !== "number") throw refuseAttempt(limiter, attempt, end, waiter.timeoutMs);
  if (attempt.cancelled === undefined) return end;
  // Cancelled in the very tick in which it got its permit.
  limiter.release(end, settings.fairnessKey, attempt.admittedAt, undefined, 0, attempt.admittedAt);
  throw refuseAttempt(limiter, attempt, "cancelled");
}
