import type { Attempt } from "../attempt.ts";
import { errorCode } from "../transport/socket-failure.ts";
import { attemptCancellationError } from "./cancellation-error.ts";
import { ConnectionError, HoldfastError, InvalidResponseError, TimeoutError } from "./local-errors.ts";
import { SageMakerRuntimeServiceException } from "./service-exception.ts";

/** Codes of undici's HTTP parser: the bytes that came back are not HTTP. */
const PARSE_CODE = /^(HPE_|UND_ERR_(RES_CONTENT_LENGTH_MISMATCH|HEADERS_OVERFLOW))/;

/**
 * The typed error of a failed attempt, made in the async frame that waited for it. Errors that are typed
 * already, and errors that did not come from the network, are returned as they are.
 */
export function transportError(error: unknown, attempt: Attempt, connectMs: number): Error {
  if (error instanceof HoldfastError || error instanceof SageMakerRuntimeServiceException) return error;
  if (attempt.cancelled !== undefined) return attemptCancellationError(attempt);
  const code = errorCode(error);
  if (code === "UND_ERR_CONNECT_TIMEOUT" || (code === "ETIMEDOUT" && !attempt.sent)) {
    return new TimeoutError("connect", connectMs, { cause: error });
  }
  if (code !== undefined && PARSE_CODE.test(code)) {
    return new InvalidResponseError(`the answer is not valid HTTP (${code})`, { cause: error });
  }
  if (code !== undefined && isNetworkCode(code))
    return new ConnectionError(phaseOf(attempt), code, { cause: error });
  return error instanceof Error ? error : new Error("the request failed", { cause: error });
}

/** undici refuses impossible requests and use after close with codes too; those are nobody's connection. */
function isNetworkCode(code: string): boolean {
  return (
    code !== "UND_ERR_INVALID_ARG" &&
    code !== "UND_ERR_CLOSED" &&
    code !== "UND_ERR_DESTROYED" &&
    !code.startsWith("ERR_INVALID")
  );
}

function phaseOf(attempt: Attempt): "connect" | "headers" | "body" {
  if (!attempt.sent) return "connect";
  return attempt.headersAt === 0 ? "headers" : "body";
}
