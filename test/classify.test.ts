import { describe, expect, it } from "vitest";
import { classify } from "../lib/classify.ts";
import { CredentialsProviderError } from "../lib/credentials/credentials-provider-error.ts";
import { ConcurrencyLimitError } from "../lib/errors/concurrency-limit-error.ts";
import {
  AbortError,
  CircuitOpenError,
  ConnectionError,
  InvalidInputError,
  InvalidResponseError,
  TimeoutError,
} from "../lib/errors/local-errors.ts";
import {
  InternalDependencyException,
  InternalFailure,
  InternalStreamFailure,
  ModelError,
  ModelNotReadyException,
  ModelStreamError,
  ServiceUnavailable,
  ValidationError,
} from "../lib/errors/service-errors.ts";
import { SageMakerRuntimeServiceException } from "../lib/errors/service-exception.ts";
import { OUTCOMES } from "../lib/outcome.ts";
import { targetOf } from "../lib/target.ts";

const options = { $metadata: {} };
const modelError = (status: number | undefined) => new ModelError({ ...options, OriginalStatusCode: status });
const answered = (name: string, httpStatusCode: number) =>
  new SageMakerRuntimeServiceException({ name, $fault: "client", $metadata: { httpStatusCode } });
const noCapacity =
  "Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress";

/** error | outcome | retried as | breaker counts | overload */
const TABLE: readonly (readonly [string, unknown, string, string, string, boolean])[] = [
  ["success", undefined, "ok", "never", "success", false],
  ["ServiceUnavailable", new ServiceUnavailable(options), "server_error", "transient", "failure", true],
  ["502 without a code", answered("Unknown", 502), "server_error", "transient", "failure", true],
  ["504 without a code", answered("Unknown", 504), "server_error", "transient", "failure", true],
  ["InternalFailure", new InternalFailure(options), "server_error", "transient", "failure", false],
  ["530", new InternalDependencyException(options), "server_error", "transient", "failure", false],
  [
    "ThrottlingException with 400",
    answered("ThrottlingException", 400),
    "throttled",
    "throttled",
    "ignored",
    true,
  ],
  [
    "TooManyRequestsException",
    answered("TooManyRequestsException", 400),
    "throttled",
    "throttled",
    "ignored",
    true,
  ],
  ["429 without a type", answered("Unknown", 429), "throttled", "throttled", "ignored", true],
  [
    "ModelNotReadyException",
    new ModelNotReadyException(options),
    "model_not_ready",
    "warmUp",
    "notReady",
    false,
  ],
  [
    "no capacity",
    new ValidationError({ ...options, message: noCapacity }),
    "model_not_ready",
    "warmUp",
    "notReady",
    false,
  ],
  ["ModelError 429", modelError(429), "model_error", "containerOverload", "failure", true],
  ["ModelError 503", modelError(503), "model_error", "containerOverload", "failure", true],
  ["ModelError 507", modelError(507), "model_error", "containerOverload", "failure", true],
  ["ModelError 0, the 60 s limit", modelError(0), "model_error", "timeout", "timeout", true],
  ["ModelError 500", modelError(500), "model_error", "never", "failure", false],
  ["ModelError without a status", modelError(undefined), "model_error", "never", "failure", false],
  ["ModelError 400", modelError(400), "model_error", "never", "ignored", false],
  ["ValidationError", new ValidationError(options), "invalid_request", "never", "ignored", false],
  [
    "input refused here",
    new InvalidInputError("Body", "given", "undefined"),
    "invalid_request",
    "never",
    "ignored",
    false,
  ],
  ["413 without a code", answered("Unknown", 413), "invalid_request", "never", "ignored", false],
  ["AccessDeniedException", answered("AccessDeniedException", 403), "auth", "never", "ignored", false],
  [
    "ExpiredTokenException with 400",
    answered("ExpiredTokenException", 400),
    "auth",
    "never",
    "ignored",
    false,
  ],
  ["501", answered("Unknown", 501), "server_error", "never", "failure", false],
  ["408", answered("Unknown", 408), "server_error", "transient", "failure", false],
  [
    "connection refused",
    new ConnectionError("connect", "ECONNREFUSED"),
    "connect_error",
    "transient",
    "failure",
    false,
  ],
  [
    "no file descriptor left",
    new ConnectionError("connect", "EMFILE"),
    "connect_error",
    "transient",
    "ignored",
    false,
  ],
  [
    "no port left",
    new ConnectionError("connect", "EADDRNOTAVAIL"),
    "connect_error",
    "transient",
    "ignored",
    false,
  ],
  ["connect timeout", new TimeoutError("connect", 1), "connect_error", "transient", "failure", false],
  [
    "reset before the answer",
    new ConnectionError("headers", "ECONNRESET"),
    "reset",
    "transient",
    "failure",
    false,
  ],
  ["reset in the answer", new ConnectionError("body", "ECONNRESET"), "reset", "transient", "failure", false],
  ["socket timeout", new TimeoutError("socket", 1), "timeout", "timeout", "timeout", true],
  ["attempt timeout", new TimeoutError("attempt", 1), "timeout", "timeout", "timeout", true],
  [
    "headersTimeout of an undici dispatcher",
    new ConnectionError("headers", "UND_ERR_HEADERS_TIMEOUT"),
    "timeout",
    "timeout",
    "timeout",
    true,
  ],
  [
    "bodyTimeout of an undici dispatcher",
    new ConnectionError("body", "UND_ERR_BODY_TIMEOUT"),
    "timeout",
    "timeout",
    "timeout",
    true,
  ],
  ["deadline", new TimeoutError("call", 1), "timeout", "never", "ignored", false],
  ["abort", new AbortError(), "cancelled", "never", "ignored", false],
  ["bad frame", new InvalidResponseError("x"), "decode_error", "transient", "failure", false],
  ["ModelStreamError", new ModelStreamError(options), "model_error", "never", "failure", false],
  [
    "InternalStreamFailure",
    new InternalStreamFailure(options),
    "server_error",
    "transient",
    "failure",
    false,
  ],
  ["an error of a stream that nobody knows", answered("Odd", 200), "server_error", "never", "failure", false],
  ["no credentials", new CredentialsProviderError(new Error("none")), "auth", "never", "ignored", false],
  [
    "open breaker",
    new CircuitOpenError(targetOf({ EndpointName: "a" }), "failure", 1),
    "rejected_breaker",
    "never",
    "ignored",
    false,
  ],
  [
    "full queue",
    new ConcurrencyLimitError(targetOf({ EndpointName: "a" }), "queueFull", 1, 1),
    "rejected_queue",
    "never",
    "ignored",
    false,
  ],
  ["queue timeout", new TimeoutError("queue", 1), "rejected_queue", "never", "ignored", false],
  ["somebody's bug", new TypeError("x"), "other", "never", "ignored", false],
];

describe("the failure table", () => {
  it.each(TABLE)("says of %s", (_name, error, outcome, retry, breaker, isOverload) => {
    expect(classify(error, undefined)).toMatchObject({ outcome, retry, breaker, isOverload });
  });

  it("knows no outcome that no end has", () => {
    const known = TABLE.map(([, error]) => classify(error, undefined).outcome);
    expect([...new Set(known)].sort()).toEqual([...OUTCOMES].sort());
  });

  it("takes any error of a cancelled call for the cancellation", () => {
    expect(classify(new TypeError("x"), "abort").outcome).toBe("cancelled");
  });
});
