import { describe, expect, it } from "vitest";
import * as holdfast from "../../lib/index.ts";
import * as local from "../../lib/local/index.ts";
import * as plugin from "../../lib/plugin/index.ts";
import * as redis from "../../lib/redis/index.ts";
import * as middleware from "../../middleware/index.ts";

/** What users may rely on. Removing a name breaks them; adding one is for ever: both are decisions. */
describe("the exports of", () => {
  it("holdfast", () => {
    expect(Object.keys(holdfast).sort()).toEqual([
      "AbortError",
      "CircuitOpenError",
      "ConcurrencyLimitError",
      "ConnectionError",
      "CredentialsProviderError",
      "HoldfastError",
      "InternalDependencyException",
      "InternalFailure",
      "InternalStreamFailure",
      "InvalidInputError",
      "InvalidResponseError",
      "InvokeEndpointAsyncCommand",
      "InvokeEndpointCommand",
      "InvokeEndpointWithResponseStreamCommand",
      "ModelError",
      "ModelNotReadyException",
      "ModelStreamError",
      "NotSentError",
      "ResponseStreamBody",
      "SageMakerRuntime",
      "SageMakerRuntimeClient",
      "SageMakerRuntimeServiceException",
      "ServiceUnavailable",
      "TimeWindowBreaker",
      "TimeoutError",
      "ValidationError",
      "layer",
      "presets",
      "removeEndpointMetrics",
      "resilienceFromFile",
      "waitUntilModelReady",
    ]);
  });

  it("holdfast/middleware", () => {
    expect(Object.keys(middleware).sort()).toEqual([
      "chaos",
      "circuitBreaker",
      "concurrencyLimit",
      "deadline",
      "deserialize",
      "errorMapper",
      "fallback",
      "hedge",
      "lambdaTrace",
      "metrics",
      "policy",
      "retry",
      "serialize",
      "sign",
      "singleFlight",
      "socketTimeout",
      "split",
    ]);
  });

  it("holdfast/local", () => {
    expect(Object.keys(local).sort()).toEqual(["parseFaultScript", "startLocalEndpoint"]);
  });

  it("holdfast/plugin", () => {
    expect(Object.keys(plugin)).toEqual(["resilience"]);
  });

  it("holdfast/redis", () => {
    expect(Object.keys(redis)).toEqual(["redisBreakerStore"]);
  });
});
