import type { Outcome } from "./outcome.ts";
import type { Verdict } from "./resilience/breaker/breaker-state.ts";

/**
 * How an attempt that ended so is tried again. `never` · `transient` and `throttled`: after a back-off ·
 * `warmUp`: on the schedule of loading models · `timeout`: only where `retryTimeouts` says so ·
 * `containerOverload`: unless `retryContainerOverload` is off.
 */
export type RetryClass = "never" | "transient" | "throttled" | "warmUp" | "timeout" | "containerOverload";

/** What the end of an attempt means for each layer. */
export interface Classification {
  readonly outcome: Outcome;
  readonly retry: RetryClass;
  readonly breaker: Verdict;
  /** Whether it says that the target has too much to do. */
  readonly isOverload: boolean;
  /** Whether the service said that it did not run the model. */
  readonly isRefusal: boolean;
}

function row(
  outcome: Outcome,
  retry: RetryClass,
  breaker: Verdict,
  flags: { isOverload?: boolean; isRefusal?: boolean } = {},
): Classification {
  return {
    outcome,
    retry,
    breaker,
    isOverload: flags.isOverload ?? false,
    isRefusal: flags.isRefusal ?? false,
  };
}

/** The failure semantics of the package, one row per kind of end. */
export const CLASS = {
  ok: row("ok", "never", "success"),
  overloaded: row("server_error", "transient", "failure", { isOverload: true }),
  serverError: row("server_error", "transient", "failure"),
  serverErrorFinal: row("server_error", "never", "failure"),
  throttled: row("throttled", "throttled", "ignored", { isOverload: true, isRefusal: true }),
  notReady: row("model_not_ready", "warmUp", "notReady", { isRefusal: true }),
  containerOverloaded: row("model_error", "containerOverload", "failure", { isOverload: true }),
  containerTimeout: row("model_error", "timeout", "timeout", { isOverload: true }),
  modelFailed: row("model_error", "never", "failure"),
  modelRefused: row("model_error", "never", "ignored"),
  modelStreamBroken: row("model_error", "never", "failure"),
  invalidRequest: row("invalid_request", "never", "ignored", { isRefusal: true }),
  invalidInput: row("invalid_request", "never", "ignored"),
  auth: row("auth", "never", "ignored", { isRefusal: true }),
  noCredentials: row("auth", "never", "ignored"),
  notConnected: row("connect_error", "transient", "failure"),
  noSocket: row("connect_error", "transient", "ignored"),
  reset: row("reset", "transient", "failure"),
  badAnswer: row("decode_error", "transient", "failure"),
  timedOut: row("timeout", "timeout", "timeout", { isOverload: true }),
  noFreeConnection: row("timeout", "timeout", "ignored"),
  deadline: row("timeout", "never", "ignored"),
  cancelled: row("cancelled", "never", "ignored"),
  rejectedByBreaker: row("rejected_breaker", "never", "ignored"),
  rejected: row("rejected_queue", "never", "ignored"),
  other: row("other", "never", "ignored"),
} as const satisfies Record<string, Classification>;

/** Codes that every AWS service throttles with, as the AWS SDKs list them. */
export const THROTTLING_CODES: ReadonlySet<string> = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);

/** Codes of passing faults, whatever their status. */
export const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  "InternalFailure",
  "InternalDependencyException",
  "RequestTimeout",
  "RequestTimeoutException",
]);

/** Codes of refused signatures, tokens and permissions; some come with status 400. */
export const AUTH_CODES: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OptInRequired",
  "RequestExpired",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);
