import { describe, expect, it } from "vitest";
import { CredentialsProviderError } from "../../../lib/credentials/credentials-provider-error.ts";
import { ConcurrencyLimitError } from "../../../lib/errors/concurrency-limit-error.ts";
import {
  AbortError,
  CircuitOpenError,
  ConnectionError,
  InvalidInputError,
  InvalidResponseError,
  TimeoutError,
} from "../../../lib/errors/local-errors.ts";
import {
  InternalDependencyException,
  InternalFailure,
  ModelError,
  ModelNotReadyException,
  ServiceUnavailable,
  ValidationError,
} from "../../../lib/errors/service-errors.ts";
import { SageMakerRuntimeServiceException } from "../../../lib/errors/service-exception.ts";
import { causeOf, FALLBACK_REASONS } from "../../../lib/resilience/fallback/reasons.ts";
import { targetOf } from "../../../lib/target.ts";

const options = { $metadata: {} };
const target = targetOf({ EndpointName: "churn" });
const container = (OriginalStatusCode: number) => new ModelError({ ...options, OriginalStatusCode });
const answered = (name: string, httpStatusCode: number) =>
  new SageMakerRuntimeServiceException({ name, $fault: "client", $metadata: { httpStatusCode } });

const TABLE: readonly (readonly [string, Error, string])[] = [
  ["an open breaker", new CircuitOpenError(target, "failure", 5), "circuitOpen"],
  ["a breaker opened by hand", new CircuitOpenError(target, "isolated", 5), "circuitOpen"],
  ["a full queue", new ConcurrencyLimitError(target, "queueFull", 4, 5), "concurrencyLimit"],
  ["a queue that took too long", new TimeoutError("queue", 5), "concurrencyLimit"],
  ["a loading model", new ModelNotReadyException(options), "notReady"],
  ["throttling", answered("ThrottlingException", 400), "throttled"],
  ["503", new ServiceUnavailable(options), "serverError"],
  ["500", new InternalFailure(options), "serverError"],
  ["530", new InternalDependencyException(options), "serverError"],
  ["a container's 500", container(500), "modelError"],
  ["a container's 503", container(503), "modelError"],
  ["a container's 60 s", container(0), "modelError"],
  ["a silent socket", new TimeoutError("socket", 5), "timeout"],
  ["a long attempt", new TimeoutError("attempt", 5), "timeout"],
  ["no connection", new ConnectionError("connect", "ECONNREFUSED"), "connection"],
  ["no connection in time", new TimeoutError("connect", 5), "connection"],
  ["a reset", new ConnectionError("headers", "ECONNRESET"), "connection"],
  ["a bad frame", new InvalidResponseError("bad"), "invalidResponse"],
  ["invalid input", new InvalidInputError("Body", "text", "5"), "other"],
  ["a 400", new ValidationError(options), "other"],
  ["a 404", answered("NotFound", 404), "other"],
  ["a 403", answered("AccessDeniedException", 403), "other"],
  ["no credentials", new CredentialsProviderError("none"), "other"],
  ["a container's 400", container(400), "other"],
  ["an abort", new AbortError(), "other"],
  ["an error of a user's layer", new Error("own"), "other"],
];

describe("what a call is lost for", () => {
  it.each(TABLE)("%s", (_, error, cause) => {
    expect(causeOf(error)).toBe(cause);
  });

  it("has each reason that there is", () => {
    const seen = new Set(TABLE.map(([, , cause]) => cause).filter((cause) => cause !== "other"));
    expect([...seen].sort()).toEqual([...FALLBACK_REASONS].sort());
  });
});
