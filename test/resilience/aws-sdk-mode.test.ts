import { describe, expect, it } from "vitest";
import { classify } from "../../lib/classify.ts";
import { ConnectionError, InvalidResponseError, TimeoutError } from "../../lib/errors/local-errors.ts";
import {
  InternalDependencyException,
  InternalFailure,
  ModelError,
  ModelNotReadyException,
  ServiceUnavailable,
  ValidationError,
} from "../../lib/errors/service-errors.ts";
import { SageMakerRuntimeServiceException } from "../../lib/errors/service-exception.ts";
import { AwsSdkQuota, awsSdkRetryKind } from "../../lib/resilience/aws-sdk-mode.ts";

const answered = (name: string, httpStatusCode: number) =>
  new SageMakerRuntimeServiceException({ name, $fault: "client", $metadata: { httpStatusCode } });

describe("what the official client tries again", () => {
  it.each<[string, Error, "transient" | "throttled" | undefined]>([
    ["500", new InternalFailure({ $metadata: { httpStatusCode: 500 } }), "transient"],
    ["502", answered("BadGateway", 502), "transient"],
    ["503", new ServiceUnavailable({ $metadata: { httpStatusCode: 503 } }), "transient"],
    ["504", answered("GatewayTimeout", 504), "transient"],
    ["a request that timed out", answered("RequestTimeout", 400), "transient"],
    ["the exception for one", answered("RequestTimeoutException", 408), "transient"],
    ["a loading model", new ModelNotReadyException({ $metadata: { httpStatusCode: 429 } }), "throttled"],
    ["throttling with status 400", answered("ThrottlingException", 400), "throttled"],
    ["no connection", new ConnectionError("connect", "ECONNREFUSED"), "transient"],
    ["a reset", new ConnectionError("headers", "ECONNRESET"), "transient"],
    ["a silent socket", new TimeoutError("socket", 5), "transient"],
    ["a bad frame", new InvalidResponseError("bad"), "transient"],
    ["530", new InternalDependencyException({ $metadata: { httpStatusCode: 530 } }), undefined],
    ["501", answered("NotImplemented", 501), undefined],
    ["408 by its status alone", answered("Slow", 408), undefined],
    ["400", new ValidationError({ $metadata: { httpStatusCode: 400 } }), undefined],
    [
      "a busy container",
      new ModelError({ $metadata: { httpStatusCode: 424 }, OriginalStatusCode: 503 }),
      undefined,
    ],
    ["an error of a user's layer", new Error("own"), undefined],
    ["the deadline", new TimeoutError("call", 5), undefined],
  ])("%s", (_, error, kind) => {
    expect(awsSdkRetryKind(classify(error, undefined), error)).toBe(kind);
  });
});

/** How many retries of a kind a quota pays for. */
function drain(quota: AwsSdkQuota, kind: "transient" | "throttled"): number {
  let taken = 0;
  while (quota.take(kind) !== undefined) taken++;
  return taken;
}

describe("the quota of the official client", () => {
  it("pays for 35 retries after passing faults, or 100 after throttling", () => {
    expect(drain(new AwsSdkQuota(), "transient")).toBe(35);
    expect(drain(new AwsSdkQuota(), "throttled")).toBe(100);
  });

  it("is spent to the last token", () => {
    const quota = new AwsSdkQuota();
    expect(quota.take("transient")).toBe(14);
    expect(drain(quota, "transient")).toBe(34);
    expect(drain(quota, "throttled")).toBe(2);
  });

  it("gets one token of a success, and of a call that was tried again what that cost", () => {
    const quota = new AwsSdkQuota();
    drain(quota, "throttled");
    for (let i = 0; i < 4; i++) quota.succeeded(undefined);
    expect(quota.take("throttled")).toBeUndefined();
    quota.succeeded(undefined);
    expect(quota.take("throttled")).toBe(5);
    quota.succeeded(14);
    expect(drain(quota, "transient")).toBe(1);
  });

  it("stores no more than it began with", () => {
    const quota = new AwsSdkQuota();
    for (let i = 0; i < 1_000; i++) quota.succeeded(14);
    expect(drain(quota, "throttled")).toBe(100);
  });
});
