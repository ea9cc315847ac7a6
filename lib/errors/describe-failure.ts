import type { Call } from "../call.ts";
import { HoldfastError } from "./local-errors.ts";
import { SageMakerRuntimeServiceException } from "./service-exception.ts";

/**
 * Adds to an error what only the call knows: attempts, delays, the ids of the last answer, and whether the
 * model may have run. Errors of other origin, such as a user's own layer, are returned as they are.
 */
export function describeFailure(error: Error, call: Call): Error {
  if (!(error instanceof HoldfastError) && !(error instanceof SageMakerRuntimeServiceException)) return error;
  const last = call.decidedBy;
  const { $metadata } = error;
  $metadata.attempts = call.attemptCount;
  $metadata.totalRetryDelay = Math.round(call.retryDelayMs);
  if (last !== undefined && last.statusCode !== 0) {
    $metadata.httpStatusCode ??= last.statusCode;
    if (last.requestId !== undefined) $metadata.requestId ??= last.requestId;
  }
  error.attempts = call.history();
  error.mayHaveExecuted = call.mayHaveExecuted();
  return error;
}
