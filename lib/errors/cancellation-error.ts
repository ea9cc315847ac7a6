import type { Attempt } from "../attempt.ts";
import type { Call } from "../call.ts";
import { NoFreeConnectionError } from "../transport/transport-errors.ts";
import { AbortError, TimeoutError } from "./local-errors.ts";

/** The error of a call that was cancelled; made by the async frame that waited, with its last error as cause. */
export function callCancellationError(call: Call, cause?: unknown): AbortError | TimeoutError {
  if (call.cancelled === "call") return new TimeoutError("call", call.callTimeoutMs, causedBy(cause));
  if (call.cancelled === "destroyed") return new AbortError("The client was destroyed", causedBy(cause));
  return new AbortError("Request aborted", causedBy(call.settings.abortSignal?.reason ?? cause));
}

/** The error of an attempt that was cancelled, by its own clocks or with its call. */
export function attemptCancellationError(attempt: Attempt, cause?: unknown): AbortError | TimeoutError {
  const reason = attempt.cancelled;
  const because = attempt.waitsForConnection ? (cause ?? new NoFreeConnectionError()) : cause;
  if (reason === "attempt" || reason === "socket") {
    return new TimeoutError(reason, attempt.expiredMs, causedBy(because));
  }
  if (reason === "hedge") return new AbortError("Another attempt of the call was faster", causedBy(cause));
  return callCancellationError(attempt.call, because);
}

function causedBy(cause: unknown): ErrorOptions {
  return cause === undefined ? {} : { cause };
}
