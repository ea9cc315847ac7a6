import { NoSuchKey } from "@aws-sdk/client-s3";
import * as official from "@aws-sdk/client-sagemaker-runtime";
import { describe, expect, it } from "vitest";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import { HoldfastError } from "../../lib/errors/local-errors.ts";
import { ModelError, ServiceUnavailable } from "../../lib/errors/service-errors.ts";
import { InvokeEndpointCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const OPTIONS = { message: "m", $metadata: {} };

/** The error of a call whose innermost layer, one of the user's, throws that one. */
async function errorOfCall(thrown: Error, config: SageMakerRuntimeClientConfig = {}) {
  const { client, registry } = scriptedClient([200], { maxAttempts: 1, ...config });
  client.middlewareStack.use(
    layer({ name: "throwing", step: "deserialize", priority: "low" }, () => async () => {
      throw thrown;
    }),
  );
  const send = client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body: "1" }));
  const error: unknown = await send.then(undefined, (error: unknown) => error);
  await client.close();
  return { error, outcomes: await registry.getSingleMetricAsString("sagemaker_client_requests_total") };
}

describe("the error of a call that a user's layer threw", () => {
  it.each([
    ["an exception of another service", new NoSuchKey(OPTIONS)],
    ["a frozen exception of another service", Object.freeze(new NoSuchKey(OPTIONS))],
    ["a frozen exception of this service", Object.freeze(new ServiceUnavailable(OPTIONS))],
    ["a frozen exception of the official client", Object.freeze(new official.ServiceUnavailable(OPTIONS))],
  ])("is as it was for %s", async (_, thrown) => {
    const before = Object.getOwnPropertyDescriptors(thrown);
    const { error } = await errorOfCall(thrown);
    expect(error).toBe(thrown);
    expect(Object.getOwnPropertyDescriptors(thrown)).toEqual(before);
  });

  it("is as it was where it is frozen and no alternative answered either", async () => {
    const thrown = Object.freeze(new ServiceUnavailable(OPTIONS));
    const { error } = await errorOfCall(thrown, { fallback: { alternatives: [{ variant: "green" }] } });
    expect(error).toBe(thrown);
  });

  it("is of no known kind for an exception of another service, whatever its status", async () => {
    const thrown = new NoSuchKey({ ...OPTIONS, $metadata: { httpStatusCode: 503 } });
    const { outcomes } = await errorOfCall(thrown);
    expect(outcomes).toMatch(/outcome="other"\} 1$/m);
  });

  it.each([
    ["this package", new ModelError({ ...OPTIONS, $metadata: Object.freeze({}) })],
    ["the official client", new official.ModelError({ ...OPTIONS, $metadata: Object.freeze({}) })],
    ["the official client, without metadata", new official.ModelError({ message: "m" } as never)],
  ])("has what the call knows for an exception of the class of %s", async (_, thrown) => {
    const { error } = await errorOfCall(thrown);
    expect(error).toBe(thrown);
    expect(error).toMatchObject({
      $metadata: { attempts: 1, totalRetryDelay: 0 },
      attempts: [{ outcome: "model_error" }],
    });
    expect(Object.keys(thrown)).not.toContain("attempts");
    expect(error).not.toBeInstanceOf(HoldfastError);
  });
});
