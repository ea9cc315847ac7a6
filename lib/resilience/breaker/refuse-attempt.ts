import type { Attempt } from "../../attempt.ts";
import { ModelNotReadyException } from "../../errors/service-errors.ts";
import type { Breaker } from "./breaker.ts";

/**
 * Ends an attempt that its breaker refuses, and returns its error: what the service would say of a model that is being
 * loaded, so that `retry` may wait for it, and otherwise that the circuit is open.
 */
export function refuseAttempt(breaker: Breaker, attempt: Attempt): Error {
  attempt.isRefused = true;
  attempt.call.withdraw(attempt);
  const refusal = breaker.refusal();
  if (refusal.openCause !== "notReady") return refusal;
  const message = `The model of ${refusal.endpoint} is being loaded; nothing was sent`;
  const error = new ModelNotReadyException({ message, $metadata: {} });
  error.cause = refusal;
  return error;
}
