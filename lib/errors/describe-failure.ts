import type { ResponseMetadata } from "@smithy/types";
import type { AttemptRecord } from "../attempt.ts";
import type { Call } from "../call.ts";
import { HoldfastError } from "./local-errors.ts";
import { addCallFields, SageMakerRuntimeServiceException } from "./service-exception.ts";

/**
 * Adds to an error what only the call knows: attempts, delays, the ids of the last answer, and whether the
 * model may have run. Errors of other origin, such as a user's own layer, are returned as they are, and so
 * are those that nothing can be added to.
 */
export function describeFailure(error: Error, call: Call): Error {
  const isTyped = error instanceof HoldfastError || error instanceof SageMakerRuntimeServiceException;
  return isTyped ? withHistory(error, call) : error;
}

/** Adds it to an error of any origin. */
export function withHistory(error: Error & Partial<CallFields>, call: Call): Error {
  if (!Object.isExtensible(error)) return error;
  // Its own: a layer may throw errors that share theirs.
  error.$metadata = metadataWith(error.$metadata, call);
  if (!Object.hasOwn(error, "attempts")) addCallFields(error);
  error.attempts = call.history();
  error.mayHaveExecuted = call.mayHaveExecuted();
  return error;
}

/** What every error of a call has. */
interface CallFields {
  $metadata: ResponseMetadata;
  attempts: readonly AttemptRecord[];
  mayHaveExecuted: boolean;
}

/** @param known `undefined` where a layer of the user's left it out */
function metadataWith(known: ResponseMetadata | undefined, call: Call): ResponseMetadata {
  const $metadata: ResponseMetadata = {
    ...known,
    attempts: call.attemptCount,
    totalRetryDelay: Math.round(call.retryDelayMs),
  };
  const last = call.decidedBy;
  if (last !== undefined && last.statusCode !== 0) {
    $metadata.httpStatusCode ??= last.statusCode;
    if (last.requestId !== undefined) $metadata.requestId ??= last.requestId;
  }
  return $metadata;
}
