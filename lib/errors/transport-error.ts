import type { Attempt } from "../attempt.ts";
import { type ParseFailure, parseFailure } from "../transport/parse-failure.ts";
import { errorCode } from "../transport/socket-failure.ts";
import { ConnectTimeoutError } from "../transport/transport-errors.ts";
import { attemptCancellationError } from "./cancellation-error.ts";
import {
  ConnectionError,
  type ConnectionPhase,
  HoldfastError,
  InvalidResponseError,
  TimeoutError,
} from "./local-errors.ts";
import { SageMakerRuntimeServiceException } from "./service-exception.ts";

/** Codes that only making a connection gives. */
const CONNECT_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Dispatchers of undici refuse impossible requests and use after close with codes too; those are nobody's connection. */
const LOCAL_CODE = /^(ERR_INVALID|UND_MOCK_|UND_ERR_(INVALID_|NOT_SUPPORTED|REQ_|CLOSED$|DESTROYED$))/;

/**
 * The typed error of a failed attempt, made in the async frame that waited for it. Errors that are typed
 * already, and errors that did not come from the network, are returned as they are.
 */
export function transportError(error: unknown, attempt: Attempt, connectMs: number): Error {
  if (error instanceof HoldfastError || error instanceof SageMakerRuntimeServiceException) return error;
  if (attempt.cancelled !== undefined) return attemptCancellationError(attempt);
  if (error instanceof ConnectTimeoutError) return new TimeoutError("connect", connectMs, { cause: error });
  const code = errorCode(error);
  const unread = parseFailure(error, code);
  if (unread !== undefined) return unreadable(unread, attempt, error);
  if (code === undefined || LOCAL_CODE.test(code))
    return error instanceof Error ? error : new Error("the request failed", { cause: error });
  return new ConnectionError(phaseOf(attempt, code), code, { cause: error });
}

/** An answer that ends too soon is HTTP, and its connection broke. */
function unreadable({ isTruncated, code, reason }: ParseFailure, attempt: Attempt, cause: unknown): Error {
  if (isTruncated && attempt.statusCode !== 0) return new ConnectionError("body", code, { cause });
  return new InvalidResponseError(`the answer is not valid HTTP: ${reason}`, { cause });
}

/** The code goes first: a request that met a stale connection was sent, and may fail to get a new one. */
function phaseOf(attempt: Attempt, code: string): ConnectionPhase {
  if (!attempt.sent || CONNECT_CODES.has(code)) return "connect";
  return attempt.statusCode === 0 ? "headers" : "body";
}
