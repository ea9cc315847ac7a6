import { startLocalEndpoint } from "holdfast/local";
import * as layers from "holdfast/middleware";
import { Registry } from "prom-client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "../../lib/index.ts";

const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };
const VARIANTS = [
  { name: "blue", weight: 1 },
  { name: "green", weight: 1 },
];
const ask = () => new InvokeEndpointCommand({ EndpointName: "churn", Body: "1,2,3" });

/** A client of a local endpoint, with no layer in its stack. */
async function bareClient(options: object = {}) {
  const endpoint = await startLocalEndpoint({ variants: VARIANTS });
  const client = new SageMakerRuntimeClient({ region: "eu-west-1", endpoint: endpoint.url, ...options });
  for (const name of namesOf(client)) client.middlewareStack.remove(name);
  expect(namesOf(client)).toEqual([]);
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await endpoint.close();
    },
  };
}

function namesOf({ middlewareStack }: SageMakerRuntimeClient): string[] {
  return middlewareStack.identify().map((entry) => entry.split(" ")[0] ?? "");
}

/** The least that makes a call, with the signature that is given. */
function useLeast(
  { middlewareStack, config }: SageMakerRuntimeClient,
  sign: layers.SignOptions,
  url: layers.SerializeOptions["url"] = config.url,
): void {
  middlewareStack.use(layers.serialize({ url }));
  middlewareStack.use(layers.sign(sign));
  middlewareStack.use(layers.errorMapper());
  middlewareStack.use(layers.deserialize());
}

afterEach(() => void vi.unstubAllEnvs());

describe("a stack that is made by hand of what holdfast/middleware exports", () => {
  it("has every layer that a client has, in its order, and makes a call", async () => {
    await using test = await bareClient({ credentials: CREDENTIALS });
    const { middlewareStack, config } = test.client;
    const registry = new Registry();
    const breakers = layers.circuitBreaker();
    const limiters = layers.concurrencyLimit({ max: 8, initial: 8 });
    for (const layer of [
      layers.metrics({ registry }),
      layers.deadline({ callTimeoutMs: 5_000 }),
      layers.fallback({ alternatives: { churn: [{ answer: { Body: "0.5" } }] } }),
      layers.serialize({ url: config.url, maxBodyBytes: 1_000 }),
      layers.lambdaTrace(),
      layers.singleFlight(),
      layers.retry({ maxAttempts: 2 }),
      layers.hedge(),
      layers.split({ weights: { churn: { blue: 1, green: 0 } } }),
      breakers,
      limiters,
      layers.sign({ region: await config.region(), credentials: config.credentials }),
      layers.socketTimeout({ attemptMs: 4_000 }),
      layers.errorMapper(),
      layers.deserialize(),
      layers.chaos({ rules: [] }),
    ]) {
      middlewareStack.use(layer);
    }
    expect(namesOf(test.client)).toEqual(namesOfAllLayers());
    const answer = await test.client.send(ask());
    expect(answer.Body.transformToString()).toBe("1,2,3");
    expect(answer.InvokedProductionVariant).toBe("blue");
    expect([...breakers.breakers].map(({ state }) => state)).toEqual(["closed"]);
    expect([...limiters.limiters].map(({ limit }) => limit)).toEqual([8]);
    expect(await registry.metrics()).toContain(
      'sagemaker_client_requests_total{endpoint="churn",variant="blue",outcome="ok"} 1',
    );
  });

  it.each([
    ["an identity", async () => CREDENTIALS],
    ["a function", async () => async () => CREDENTIALS],
    ["those of the client", async (client: SageMakerRuntimeClient) => client.config.credentials],
  ])("signs with %s", async (_kind, credentialsOf) => {
    await using test = await bareClient({ credentials: CREDENTIALS });
    useLeast(test.client, { region: "eu-west-1", credentials: await credentialsOf(test.client) });
    expect((await test.client.send(ask())).$metadata.httpStatusCode).toBe(200);
  });

  it("signs with what the default chain finds where it is given no credentials", async () => {
    await using test = await bareClient();
    vi.stubEnv("AWS_ACCESS_KEY_ID", CREDENTIALS.accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", CREDENTIALS.secretAccessKey);
    useLeast(test.client, { region: "eu-west-1" });
    expect((await test.client.send(ask())).$metadata.httpStatusCode).toBe(200);
  });

  it.each([layers.retry(), layers.hedge(), layers.sign({ region: "eu-west-1", credentials: CREDENTIALS })])(
    "says so where $name has no request to work with",
    async (layer) => {
      await using test = await bareClient({ credentials: CREDENTIALS });
      test.client.middlewareStack.use(layer);
      const message = "the stack has no layer that makes the request: add serialize()";
      await expect(test.client.send(ask())).rejects.toMatchObject({ name: "TypeError", message });
    },
  );

  it("takes the endpoint as the client was given it", async () => {
    await using test = await bareClient({ credentials: CREDENTIALS });
    const { hostname, port } = test.client.config.url;
    useLeast(test.client, { region: "eu-west-1", credentials: CREDENTIALS }, `http://${hostname}:${port}`);
    expect((await test.client.send(ask())).$metadata.httpStatusCode).toBe(200);
  });
});

/** Of a client with all of them. */
function namesOfAllLayers(): string[] {
  vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "churn-backend");
  return namesOf(
    new SageMakerRuntimeClient({
      region: "eu-west-1",
      metrics: { registry: new Registry() },
      fallback: { alternatives: [{ variant: "green" }] },
      singleFlight: true,
      hedge: {},
      split: { weights: { churn: { blue: 1, green: 1 } } },
      chaos: { rules: [] },
    }),
  );
}

describe("a layer that is made by hand", () => {
  it.each([
    [() => layers.sign({} as never), "sign.region must be the name of a region, got undefined"],
    [
      () => layers.sign({ region: "eu west" }),
      'sign.region must be the name of a region, such as eu-west-1, got "eu west"',
    ],
    [
      () => layers.sign({ region: "eu-west-1", clockSkew: 5 } as never),
      "sign.clockSkew is not an option; known here: region, credentials, clockSkewCorrection, systemClockOffset",
    ],
    [
      () => layers.sign({ region: "eu-west-1", credentials: null } as never),
      "credentials must be an object with accessKeyId and secretAccessKey",
    ],
    [
      () => layers.sign({ region: "eu-west-1", systemClockOffset: Number.NaN }),
      "sign.systemClockOffset must be a number of milliseconds, got NaN",
    ],
    [
      () => layers.sign({ region: "eu-west-1", clockSkewCorrection: 1 } as never),
      "sign.clockSkewCorrection must be true or false, got 1",
    ],
    [
      () => layers.serialize({} as never),
      "serialize.url must be an http:// or https:// URL without user, query and fragment, or a URL object, got undefined",
    ],
    [
      () => layers.serialize({ url: "https://x", maxBodyBytes: 0 }),
      "serialize.maxBodyBytes must be a whole number of at least 1, got 0",
    ],
    [
      () => layers.serialize({ url: "https://x", headers: {} } as never),
      "serialize.headers is not an option; known here: url, maxBodyBytes, fixedHeaders",
    ],
    [
      () => layers.deadline({ callTimeout: 5_000 } as never),
      "deadline.callTimeout is not an option; known here: callTimeoutMs",
    ],
    [
      () => layers.socketTimeout({ connectMs: 500 } as never),
      "socketTimeout.connectMs is not an option; known here: socketMs, attemptMs",
    ],
    [
      () => layers.errorMapper({ connectTimeoutMs: 500 } as never),
      "errorMapper.connectTimeoutMs is not an option; known here: connectMs",
    ],
    [
      () => layers.errorMapper({ connectMs: "1s" } as never),
      'errorMapper.connectMs must be a number of milliseconds above 0 and up to 2147483647, got "1s"',
    ],
    [
      () => layers.deserialize({ peekFirst: true } as never),
      "deserialize.peekFirst is not an option; known here: peekFirstEvent, connectMs",
    ],
    [
      () => layers.deserialize({ peekFirstEvent: "yes" } as never),
      'deserialize.peekFirstEvent must be true or false, got "yes"',
    ],
    [
      () => layers.deserialize({ connectMs: 0 }),
      "deserialize.connectMs must be a number of milliseconds above 0 and up to 2147483647, got 0",
    ],
  ])("is refused where it is wrong, in one line: %#", (make, message) => {
    expect(make).toThrow(expect.objectContaining({ message }));
  });
});
