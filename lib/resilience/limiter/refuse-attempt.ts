import type { Attempt } from "../../attempt.ts";
import { attemptCancellationError } from "../../errors/cancellation-error.ts";
import { ConcurrencyLimitError } from "../../errors/concurrency-limit-error.ts";
import { TimeoutError } from "../../errors/local-errors.ts";
import type { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import type { WaitEnd } from "./waiter.ts";

/** Why an attempt goes without a permit. */
export type PermitRefusal = Exclude<WaitEnd, number> | "full";

/**
 * Ends an attempt that gets no permit, and returns its error.
 *
 * @param queueTimeoutMs how long it was to wait at the most, where that is why
 */
export function refuseAttempt(
  limiter: ConcurrencyLimiter,
  attempt: Attempt,
  why: PermitRefusal,
  queueTimeoutMs = 0,
): Error {
  attempt.isRefused = true;
  attempt.call.withdraw(attempt);
  const error = errorOf(limiter, attempt, why, queueTimeoutMs);
  attempt.end(error);
  return error;
}

function errorOf(
  limiter: ConcurrencyLimiter,
  attempt: Attempt,
  why: PermitRefusal,
  queueTimeoutMs: number,
): Error {
  const { call, target } = attempt;
  if (why === "cancelled") return attemptCancellationError(attempt);
  call.recorder?.queueRejected(call, why === "expired" ? "timeout" : why);
  if (why === "expired") return new TimeoutError("queue", queueTimeoutMs);
  const refusal = why === "full" ? "queueFull" : "shed";
  return new ConcurrencyLimitError(target, refusal, limiter.limit, limiter.retryAfterMs());
}
