import { classify } from "../../classify.ts";
import type { Outcome } from "../../outcome.ts";
import type { FallbackCause } from "./metadata.ts";
import type { FallbackReason } from "./options.ts";

/** The kinds of failure, by the outcome that metrics count them as. */
const REASON_OF_OUTCOME: Readonly<Partial<Record<Outcome, FallbackReason>>> = {
  rejected_breaker: "circuitOpen",
  rejected_queue: "concurrencyLimit",
  model_not_ready: "notReady",
  throttled: "throttled",
  server_error: "serverError",
  model_error: "modelError",
  timeout: "timeout",
  connect_error: "connection",
  reset: "connection",
  decode_error: "invalidResponse",
};

export const FALLBACK_REASONS: readonly FallbackReason[] = [...new Set(Object.values(REASON_OF_OUTCOME))];

/**
 * What a call was lost for; `other` for what is the caller's own fault, or nobody's. A container that answers 4xx
 * says that of the input, and so would the next one.
 */
export function causeOf(error: unknown): FallbackCause {
  const { outcome, breaker } = classify(error, undefined);
  if (outcome === "model_error" && breaker === "ignored") return "other";
  return REASON_OF_OUTCOME[outcome] ?? "other";
}
