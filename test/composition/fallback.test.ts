import { describe, expect, it } from "vitest";
import { InvokeEndpointAsyncCommand, InvokeEndpointCommand } from "../../lib/commands.ts";
import { lost } from "../support/lost-call.ts";

const HEADER = "x-amzn-sagemaker-target-variant";

describe("a call that is lost", () => {
  it("is answered by another variant, and the answer says so", async () => {
    const { call, network } = lost([{ variant: "green" }]);
    const { output } = await call();
    expect(output?.$metadata).toMatchObject({
      attempts: 2,
      fallback: { index: 0, kind: "variant", name: "green", reason: "serverError" },
    });
    expect(network.counts).toMatchObject({ churn: 1, green: 1 });
  });

  it("is answered as it was asked where it is not lost, and the answer says nothing", async () => {
    const { call, network } = lost([{ variant: "green" }], { churn: [200] });
    expect((await call()).output?.$metadata).not.toHaveProperty("fallback");
    expect(network.counts).toMatchObject({ churn: 1, green: 0 });
  });

  it("is answered by another inference component", async () => {
    const { call, network } = lost([{ component: "b" }], { a: [503], b: [200] });
    const { output } = await call({ InferenceComponentName: "a" });
    expect(output?.$metadata.fallback).toMatchObject({ kind: "component", name: "b" });
    expect(network.counts).toMatchObject({ a: 1, b: 1 });
  });

  it("is answered by another endpoint, without the variant of its own, with its model", async () => {
    const { call, network } = lost([{ endpoint: "small" }], { blue: [503] });
    const { output } = await call({ TargetVariant: "blue", TargetModel: "m.tar.gz" });
    expect(output?.$metadata.fallback).toMatchObject({ kind: "endpoint", name: "small" });
    const [sent] = network.at("small").requests;
    expect(sent?.headers).not.toHaveProperty(HEADER);
    expect(sent?.headers["x-amzn-sagemaker-target-model"]).toBe("m.tar.gz");
  });

  it("is answered by a variant of another endpoint", async () => {
    const { call, network } = lost([{ endpoint: "small", variant: "green" }]);
    expect((await call()).output?.$metadata.fallback?.name).toBe("small/green");
    expect(network.at("green").requests[0]?.path).toBe("/endpoints/small/invocations");
  });

  it("goes through the list in its order, once, until one answers", async () => {
    const list = [{ variant: "green" }, { endpoint: "small" }, { answer: { Body: "0.5" } }];
    const { call, network } = lost(list, { green: [500], small: [424] });
    const { output } = await call();
    expect(output?.$metadata.fallback).toMatchObject({ index: 2, kind: "constant" });
    expect(output?.$metadata.attempts).toBe(3);
    expect(network.counts).toMatchObject({ churn: 1, green: 1, small: 1 });
  });

  it("has the list of its endpoint, or none", async () => {
    const { call } = lost(
      { churn: [{ variant: "green" }], other: [{ endpoint: "small" }] },
      { other: [503] },
    );
    expect((await call()).output?.$metadata.fallback?.name).toBe("green");
    expect((await call({ EndpointName: "other" })).output?.$metadata.fallback?.name).toBe("small");
    const alone = lost({ other: [{ endpoint: "small" }] });
    expect((await alone.call()).error?.name).toBe("ServiceUnavailable");
  });

  it("is not sent again to where it was lost", async () => {
    const list = [{ variant: "blue" }, { endpoint: "churn", variant: "blue" }];
    const { call, network } = lost(list, { blue: [503] });
    expect((await call({ TargetVariant: "blue" })).error).not.toHaveProperty("fallbackErrors");
    expect(network.counts.blue).toBe(1);
  });

  it("is left lost for a caller that wants no alternative", async () => {
    const { call, network } = lost([{ variant: "green" }]);
    expect((await call({}, { fallback: false })).error?.name).toBe("ServiceUnavailable");
    expect(network.counts.green).toBe(0);
  });
});

describe("a call that no alternative answers", () => {
  it("gets the error that it was lost for, with those of the alternatives", async () => {
    const { call } = lost([{ variant: "green" }, { endpoint: "small" }], { green: [500], small: [400] });
    const { error } = await call();
    expect(error).toMatchObject({ name: "ServiceUnavailable", $metadata: { attempts: 3 } });
    expect(error?.fallbackErrors).toMatchObject([
      { name: "InternalFailure", $metadata: { attempts: 1 } },
      { name: "ValidationError" },
    ]);
    expect(Object.keys(error as object)).not.toContain("fallbackErrors");
    expect(error?.attempts).toMatchObject([
      { number: 1, kind: "first", endpoint: "churn", httpStatusCode: 503 },
      { number: 2, kind: "fallback", endpoint: "churn", httpStatusCode: 500 },
      { number: 3, kind: "fallback", endpoint: "small", httpStatusCode: 400 },
    ]);
  });

  it("is counted for what it was lost for, at the variant that lost it", async () => {
    const { call, metric } = lost([{ variant: "green" }], {
      churn: [{ status: 503, headers: { "x-amzn-invoked-production-variant": "blue" } }],
      green: [{ status: 424, headers: { "x-amzn-invoked-production-variant": "green" } }],
    });
    await call();
    expect(await metric("requests_total", { variant: "blue", outcome: "server_error" })).toBe(1);
    expect(await metric("requests_total", { variant: "green" })).toBe(0);
    expect(await metric("attempts_total", { variant: "green", kind: "fallback" })).toBe(1);
  });
});

describe("a call that may have run and must not run twice", () => {
  const list = [{ endpoint: "small" }, { variant: "green" }];

  it.each([
    ["may have run", { resets: "headers" }, 0],
    ["certainly did not", { resets: "connect" }, 1],
    [
      "was refused by the service",
      { status: 400, headers: { "x-amzn-errortype": "ThrottlingException" } },
      1,
    ],
  ] as const)(
    "an enqueue that %s is sent elsewhere only where that is safe",
    async (_, answer, elsewhere) => {
      const { client, network } = lost(list, {
        churn: [answer],
        small: [{ status: 202, body: '{"InferenceId":"1"}' }],
      });
      const enqueue = new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://b/k" });
      await client.send(enqueue).catch(() => undefined);
      expect(network.counts).toMatchObject({ small: elsewhere, green: 0 });
    },
  );

  it("opens no session at another endpoint, and on another variant only where none was opened", async () => {
    const safe = lost(list, { churn: [{ resets: "connect" }] });
    const { output } = await safe.call({ SessionId: "NEW_SESSION" });
    expect(output?.$metadata.fallback?.name).toBe("green");
    const unsafe = lost(list);
    expect((await unsafe.call({ SessionId: "NEW_SESSION" })).ok).toBe(false);
    expect(unsafe.network.counts).toMatchObject({ small: 0, green: 0 });
  });

  it("stays where its session is, whatever it is lost for; a constant may answer", async () => {
    const { call, network } = lost([...list, { answer: { Body: "none" } }], {
      churn: [{ resets: "connect" }],
    });
    expect((await call({ SessionId: "s-1" })).output?.Body.transformToString()).toBe("none");
    expect(network.counts).toMatchObject({ small: 0, green: 0 });
  });
});

describe("a call to a part of its endpoint", () => {
  it("to a component has no variant to go to, and an enqueue neither", async () => {
    const { client, call, network } = lost([{ variant: "green" }], { a: [503] });
    expect((await call({ InferenceComponentName: "a" })).error).not.toHaveProperty("fallbackErrors");
    const enqueue = new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://b/k" });
    network.at("churn").answerWith({ resets: "connect" });
    await expect(client.send(enqueue)).rejects.not.toHaveProperty("fallbackErrors");
    expect(network.counts.green).toBe(0);
  });
});

it("refuses invalid input at once, without asking an alternative", async () => {
  const { client, network } = lost([{ variant: "green" }, { answer: { Body: "0.5" } }]);
  const invalid = new InvokeEndpointCommand({
    EndpointName: "churn",
    Body: "1",
    TargetVariant: "not a name",
  });
  await expect(client.send(invalid)).rejects.toMatchObject({ name: "ValidationError" });
  expect(network.counts).toMatchObject({ churn: 0, green: 0 });
});
