import type { Classification, RetryClass } from "../classify-table.ts";
import { SageMakerRuntimeServiceException } from "../errors/service-exception.ts";

/** Statuses and codes that the official client takes for passing; all from `@smithy/core` 3.41. */
const TRANSIENT_STATUSES: readonly (number | undefined)[] = [500, 502, 503, 504];
const TRANSIENT_CODES: readonly string[] = ["RequestTimeout", "RequestTimeoutException"];

/** Kinds of failure without an answer of the service, which the official client tries again whatever ran. */
const TRANSIENT: readonly RetryClass[] = ["transient", "timeout"];

/**
 * How the official client, `@aws-sdk/client-sagemaker-runtime` 3.1164 in standard mode, tries an attempt again that
 * ended so: any 429 and the throttling codes as throttled; 500, 502, 503, 504, broken connections and timeouts as
 * transient; 530, ModelError and everything else never.
 */
export function awsSdkRetryKind(
  { retry, outcome }: Classification,
  error: unknown,
): "transient" | "throttled" | undefined {
  if (!(error instanceof SageMakerRuntimeServiceException)) {
    return TRANSIENT.includes(retry) ? "transient" : undefined;
  }
  const status = error.$metadata?.httpStatusCode;
  if (status === 429 || outcome === "throttled") return "throttled";
  const isTransient = TRANSIENT_STATUSES.includes(status) || TRANSIENT_CODES.includes(error.name);
  return isTransient ? "transient" : undefined;
}

const TOKENS = 500;
const COST = { transient: 14, throttled: 5 } as const;

/**
 * The official client's retry quota: one for all endpoints of a client, which only successes fill again. What a
 * call paid for its last retry comes back with its success; whatever an abort cuts off is lost.
 */
export class AwsSdkQuota {
  #tokens = TOKENS;

  /** @returns what it cost, or `undefined` where too little is left */
  take(kind: keyof typeof COST): number | undefined {
    const cost = COST[kind];
    if (this.#tokens < cost) return undefined;
    this.#tokens -= cost;
    return cost;
  }

  /** @param paid what the call paid for its last retry; `undefined`: it made none */
  succeeded(paid: number | undefined): void {
    this.#tokens = Math.min(TOKENS, this.#tokens + (paid ?? 1));
  }
}
