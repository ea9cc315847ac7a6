import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { describe, expect, it, onTestFinished } from "vitest";
import * as holdfast from "../../lib/index.ts";
import { startLocalEndpoint } from "../../lib/local/index.ts";
import { resilience } from "../../lib/plugin/index.ts";
import { addPlugIn, type PlugIn, stackOf } from "../support/plug-ins.ts";
import { failureOf, ResilientClient } from "../support/resilient-client.ts";

const LOCATION = { region: "eu-west-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

/** Fails the first request, checks signatures, and echoes. */
async function failingOnce() {
  const endpoint = await startLocalEndpoint({
    faults: { rules: [{ match: { times: 1 }, fault: { type: "status", status: 503 } }] },
  });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

describe("the stack of a client of the AWS SDK", () => {
  it("has the layers in the order of this package's own client", () => {
    const { client } = new ResilientClient("http://127.0.0.1:1");
    const names = client.middlewareStack.identify().map((entry) => entry.split(" ", 1)[0]!);
    const from = (first: string, count: number) => names.slice(names.indexOf(first)).slice(0, count);
    expect(from("resilience", 4)).toEqual(["resilience", "metrics", "deadline", "callWait"]);
    expect(from("attemptCount", 7)).toEqual([
      "attemptCount",
      "retry",
      "circuitBreaker",
      "concurrencyLimit",
      "attemptMetrics",
      "attemptEnd",
      "httpSigningMiddleware",
    ]);
    expect(from("deserializerMiddleware", 2)).toEqual(["deserializerMiddleware", "attemptExchange"]);
    expect(names).not.toContain("retryMiddleware");
  });

  it("takes resilience() once", () => {
    const { client } = new ResilientClient("http://127.0.0.1:1");
    const before = client.middlewareStack.identify();
    expect(() => client.middlewareStack.use(resilience())).toThrow("resilience() is in this stack already");
    expect(client.middlewareStack.identify()).toEqual(before);
  });

  it.each([
    ["this package's own client", new holdfast.SageMakerRuntimeClient(LOCATION)],
    ["a command", new InvokeEndpointCommand({ EndpointName: "churn", Body: "1" })],
  ])("is not that of %s, where resilience() is refused", (_, { middlewareStack }) => {
    const use = () =>
      (middlewareStack as holdfast.SageMakerRuntimeClient["middlewareStack"]).use(resilience());
    expect(use).toThrow("this stack has no retryMiddleware");
  });

  it("has commands of SageMaker Runtime go through, and says of others whose they are", async () => {
    const client = new S3Client(LOCATION);
    client.middlewareStack.use(resilience());
    const error = await failureOf(client.send(new GetObjectCommand({ Bucket: "b", Key: "k" })));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain("got GetObjectCommand of S3Client");
    client.destroy();
  });
});

describe("another plug-in", () => {
  it("before httpSigningMiddleware runs at each attempt, and what it adds is signed", async () => {
    const endpoint = await failingOnce();
    const caller = new ResilientClient(endpoint.url);
    const seen: (string | undefined)[] = [];
    const stamps: PlugIn = (next) => (args) => {
      const { headers } = args.request!;
      seen.push(headers.authorization);
      headers["x-stamp"] = String(seen.length);
      return next(args);
    };
    addPlugIn(caller.client, stamps, { relation: "before", toMiddleware: "httpSigningMiddleware" });
    expect((await caller.invoke()).$metadata.attempts).toBe(2);
    expect(seen).toEqual([undefined, undefined]);
  });

  it("at a step of its own runs at each attempt as before, also where it was added ahead", async () => {
    const endpoint = await failingOnce();
    const client = new SageMakerRuntimeClient({ ...LOCATION, endpoint: endpoint.url });
    const signatures: unknown[] = [];
    const looks: PlugIn = (next) => (args) => {
      signatures.push(args.request?.headers.authorization);
      return next(args);
    };
    addPlugIn(client, looks, { step: "finalizeRequest", priority: "high" });
    client.middlewareStack.use(resilience({ random: () => 0 }));
    await client.send(new InvokeEndpointCommand({ EndpointName: "churn", Body: "1" }));
    expect(signatures).toEqual([expect.stringContaining("AWS4"), expect.stringContaining("AWS4")]);
    client.destroy();
  });

  it("finds how many attempts a call took", async () => {
    const endpoint = await failingOnce();
    const caller = new ResilientClient(endpoint.url);
    const seen: unknown[] = [];
    const looks: PlugIn = (next) => async (args) => {
      const result = await next(args);
      seen.push((result.output as { $metadata: { attempts: number } }).$metadata.attempts);
      return result;
    };
    addPlugIn(caller.client, looks, { step: "build" });
    await caller.invoke();
    expect(seen).toEqual([2]);
  });

  it("that hands on nothing but input and request is told what is missing", async () => {
    const endpoint = await failingOnce();
    const caller = new ResilientClient(endpoint.url);
    const bare: PlugIn = (next) => (args) =>
      next({ input: args.input, ...(args.request && { request: args.request }) });
    addPlugIn(caller.client, bare, { step: "build" });
    const error = await failureOf(caller.invoke());
    expect(error.message).toContain("a plug-in hands on args without `call`");
    stackOf(caller.client).remove("plugIn");
  });
});

describe("resilience()", () => {
  it.each<[object, new (message: string) => Error, string]>([
    [{ hedge: {} }, TypeError, "resilience().hedge is not an option; known here: callTimeoutMs"],
    [
      { retry: { maxAttempts: 0 } },
      RangeError,
      "retry.maxAttempts must be a whole number of at least 1, got 0",
    ],
    [{ retry: true }, RangeError, "retry must be an object of options, or false"],
    [{ circuitBreaker: 3 }, RangeError, "circuitBreaker must be an object of options, or false"],
    [{ concurrencyLimit: "2" }, RangeError, "concurrencyLimit must be an object of options, or false"],
    [{ callTimeoutMs: 0 }, RangeError, "callTimeoutMs must be a number of milliseconds above 0"],
  ])("refuses %j by name", (options, type, message) => {
    expect(() => resilience(options)).toThrow(type);
    expect(() => resilience(options)).toThrow(message);
  });

  it("without layers that guard still bounds the call and counts it", async () => {
    const endpoint = await failingOnce();
    const caller = new ResilientClient(endpoint.url, { circuitBreaker: false, concurrencyLimit: false });
    expect((await caller.invoke()).$metadata.attempts).toBe(2);
    expect([...caller.layers.breakers, ...caller.layers.limiters]).toEqual([]);
  });
});
