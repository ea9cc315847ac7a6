import type { IPolicy } from "cockatiel";

/** Attempts after the first, as the official client and `holdfast` make by default. */
const MAX_RETRIES = 2;
const TIMEOUT_MS = 120_000;

/** Retry, circuit breaker and timeout out of cockatiel, in the order of its documentation. */
export async function cockatielPolicies(isRetryable: (error: Error) => boolean): Promise<IPolicy> {
  const cockatiel = await import("cockatiel");
  const { circuitBreaker, ExponentialBackoff, handleWhen, retry, SamplingBreaker, timeout, wrap } = cockatiel;
  const retryable = handleWhen(isRetryable);
  return wrap(
    retry(retryable, { maxAttempts: MAX_RETRIES, backoff: new ExponentialBackoff() }),
    circuitBreaker(retryable, {
      halfOpenAfter: 10_000,
      breaker: new SamplingBreaker({ threshold: 0.5, duration: 30_000 }),
    }),
    timeout(TIMEOUT_MS, cockatiel.TimeoutStrategy.Cooperative),
  );
}
