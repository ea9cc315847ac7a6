import type { CancelReason } from "./cancellation.ts";
import {
  AUTH_CODES,
  CLASS,
  type Classification,
  THROTTLING_CODES,
  TRANSIENT_CODES,
} from "./classify-table.ts";
import { CredentialsProviderError } from "./credentials/credentials-provider-error.ts";
import {
  AbortError,
  CircuitOpenError,
  ConnectionError,
  InvalidInputError,
  InvalidResponseError,
  NotSentError,
  TimeoutError,
} from "./errors/local-errors.ts";
import { ModelError, ModelNotReadyException, ValidationError } from "./errors/service-errors.ts";
import { SageMakerRuntimeServiceException } from "./errors/service-exception.ts";
import { NoFreeConnectionError } from "./transport/transport-errors.ts";

export type { Classification } from "./classify-table.ts";

/**
 * What the end of an attempt means for retry, breaker, limiter and metrics. By the error's type before its
 * status: this service throttles with 400, and says that a model is loading with 429.
 */
export function classify(error: unknown, cancelled: CancelReason | undefined): Classification {
  if (error === undefined) return CLASS.ok;
  if (error instanceof SageMakerRuntimeServiceException) return classifyAnswer(error);
  if (error instanceof AbortError) return CLASS.cancelled;
  if (error instanceof TimeoutError) return classifyTimeout(error);
  if (error instanceof CircuitOpenError) return CLASS.rejectedByBreaker;
  if (error instanceof CredentialsProviderError) return CLASS.noCredentials;
  if (error instanceof NotSentError) return CLASS.rejected;
  if (error instanceof ConnectionError) return classifyConnection(error);
  if (error instanceof InvalidResponseError) return CLASS.badAnswer;
  return cancelled === undefined ? CLASS.other : CLASS.cancelled;
}

function classifyAnswer(error: SageMakerRuntimeServiceException): Classification {
  if (error instanceof InvalidInputError) return CLASS.invalidInput;
  if (error instanceof ModelNotReadyException) return CLASS.notReady;
  if (error instanceof ModelError) return classifyModelError(error);
  if (error instanceof ValidationError)
    return isWithoutCapacity(error) ? CLASS.notReady : CLASS.invalidRequest;
  if (error.name === "ServiceUnavailable") return CLASS.overloaded;
  if (THROTTLING_CODES.has(error.name)) return CLASS.throttled;
  if (AUTH_CODES.has(error.name)) return CLASS.auth;
  if (error.name === "ModelStreamError") return CLASS.modelStreamBroken;
  if (error.name === "InternalStreamFailure") return CLASS.serverError;
  return TRANSIENT_CODES.has(error.name)
    ? CLASS.serverError
    : classifyStatus(error.$metadata?.httpStatusCode ?? 0);
}

function classifyStatus(status: number): Classification {
  if (status === 429) return CLASS.throttled;
  if (status === 401 || status === 403) return CLASS.auth;
  if (status === 408) return CLASS.serverError;
  // The service has it for models alone; a proxy on the way may have dropped the name.
  if (status === 424) return CLASS.modelRefused;
  if (status === 502 || status === 503 || status === 504) return CLASS.overloaded;
  if (status === 500 || status === 530) return CLASS.serverError;
  // Below 300 the request was accepted: an error of its stream is not the caller's.
  return status >= 500 || (status >= 200 && status < 300) ? CLASS.serverErrorFinal : CLASS.invalidRequest;
}

/** The container's own status says whose fault a ModelError is. 0: no answer within the service's 60 s. */
function classifyModelError(error: ModelError): Classification {
  const status = error.OriginalStatusCode;
  if (status === 0) return CLASS.containerTimeout;
  if (status === 429 || status === 503 || status === 507) return CLASS.containerOverloaded;
  return status !== undefined && status < 500 ? CLASS.modelRefused : CLASS.modelFailed;
}

/** Scale from zero: an inference component without a copy answers ValidationError until it has one. */
function isWithoutCapacity(error: ValidationError): boolean {
  return error.message.includes("has no capacity to process this request");
}

/** The clocks of a caller's dispatcher: their answer was slow, which one more attempt makes worse. */
const DISPATCHER_TIMEOUTS: ReadonlySet<string> = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** What this process or its machine has run out of: files, ports, memory for sockets. */
const LOCAL_SHORTAGES: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS"]);

function classifyConnection({ phase, code }: ConnectionError): Classification {
  if (DISPATCHER_TIMEOUTS.has(code)) return CLASS.timedOut;
  if (phase !== "connect") return CLASS.reset;
  return LOCAL_SHORTAGES.has(code) ? CLASS.noSocket : CLASS.notConnected;
}

function classifyTimeout(error: TimeoutError): Classification {
  if (error.clock === "connect") return CLASS.notConnected;
  if (error.clock === "queue") return CLASS.rejected;
  if (error.clock === "attempt" && error.cause instanceof NoFreeConnectionError)
    return CLASS.noFreeConnection;
  return error.clock === "call" ? CLASS.deadline : CLASS.timedOut;
}
