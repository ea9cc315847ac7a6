import { types } from "node:util";
import type { Attempt } from "../attempt.ts";
import { CredentialsProviderError } from "../credentials/credentials-provider-error.ts";
import { AbortError, HoldfastError, InvalidResponseError, TimeoutError } from "../errors/local-errors.ts";
import { SageMakerRuntimeServiceException } from "../errors/service-exception.ts";
import { transportError } from "../errors/transport-error.ts";
import type { HttpResponse } from "../http.ts";
import { errorFromResponse } from "../protocol/error-response.ts";

/** What the SDK's and Node's errors have that says where they come from. */
interface OfficialError extends NodeJS.ErrnoException {
  /** Of what broke while an answer was read. */
  readonly $response?: { readonly headers?: Record<string, string> };
}

/** Codes of a peer that is not whom it says to be: the connection is given up before the request. */
const CERTIFICATE_CODE = /CERT|^UNABLE_TO_/;

/**
 * The error of this package that says the same as one of the SDK: layers go by it, and the caller never sees it. What the
 * service answers needs none, since `instanceof` holds for the SDK's classes.
 *
 * @param attempt the one that it ended; `undefined` where there was none
 */
export function meaningOf(error: unknown, attempt: Attempt | undefined): unknown {
  if (error instanceof HoldfastError || error instanceof SageMakerRuntimeServiceException) return error;
  if (attempt === undefined || !types.isNativeError(error)) return error;
  if (error.name === "CredentialsProviderError") return new CredentialsProviderError(error);
  if (attempt.cancelled === undefined) {
    if (error.name === "AbortError") return new AbortError("Request aborted", { cause: error });
    if (isHandlersTimeout(error)) return new TimeoutError(clockOf(error), 0, { cause: error });
  }
  const typed = transportError(error, attempt, 0);
  return typed === error ? unreadable(error, attempt) : typed;
}

/** Whether a failed request certainly did not leave this process. */
export function wasNeverSent(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const { syscall, code, cause, errors } = error as OfficialError & { errors?: unknown };
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  if (code !== undefined && CERTIFICATE_CODE.test(code)) return true;
  if (isHandlersTimeout(error)) return clockOf(error) === "connect";
  // One for each address that was tried.
  if (Array.isArray(errors)) return errors.every(wasNeverSent);
  return wasNeverSent(cause);
}

/** Whether a clock of the SDK's handler ran out; it gives that name to broken connections, too, which have a `syscall`. */
function isHandlersTimeout({ name, code, syscall }: OfficialError): boolean {
  return name === "TimeoutError" && syscall === undefined && (code === undefined || code === "ETIMEDOUT");
}

/** Nothing but the text says so. */
function clockOf({ message }: Error): "connect" | "attempt" {
  return message.includes("did not establish a connection") ? "connect" : "attempt";
}

/** An answer that is not what the service answers with, such as a proxy's page, is a `SyntaxError` of the SDK. */
function unreadable(error: OfficialError, { statusCode, call }: Attempt): Error {
  if (error.$response === undefined) return error;
  if (statusCode < 300) return new InvalidResponseError("the answer cannot be read", { cause: error });
  const response: HttpResponse = {
    statusCode,
    headers: error.$response.headers ?? {},
    body: new Uint8Array(0),
  };
  return errorFromResponse(call.operation.name, response);
}
