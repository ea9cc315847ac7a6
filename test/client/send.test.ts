import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { InvokeEndpointCommand, SageMakerRuntime } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const command = () => new InvokeEndpointCommand({ EndpointName: "churn", Body: "1,2" });

describe("send", () => {
  it("tells a callback how the call ended, with options or without", async () => {
    const { client } = scriptedClient([{ status: 200, body: "0.9" }, 400]);
    const answer = await new Promise<unknown[]>((resolve) => {
      const given: unknown = client.send(command(), (...told: unknown[]) => resolve(told));
      expect(given).toBeUndefined();
    });
    expect(answer).toMatchObject([null, { $metadata: { httpStatusCode: 200 } }]);
    const failure = await new Promise<unknown[]>((resolve) => {
      client.send(command(), { requestTimeout: 500 }, (...told: unknown[]) => resolve(told));
    });
    expect(failure).toMatchObject([{ name: "ValidationError" }]);
  });

  it("tells a callback also what is wrong with the call, and drops what it throws itself", async () => {
    const { client, network } = scriptedClient([200]);
    const error = await new Promise((resolve) => {
      client.send(command(), { callTimeoutMs: 0 }, (told) => {
        resolve(told);
        throw new Error("nobody catches it");
      });
    });
    expect(error).toBeInstanceOf(RangeError);
    expect(network.requests).toEqual([]);
  });

  it("ends by a signal that has only onabort, as those of the AWS SDK once had, and every call of it", async () => {
    const { client, network } = scriptedClient(["silence"]);
    const fired: string[] = [];
    const signal = { aborted: false, onabort: () => fired.push("the caller's own") };
    const calls = [1, 2].map(() => client.send(command(), { abortSignal: signal }));
    await vi.waitUntil(() => network.inFlight === 2);
    signal.onabort();
    for (const call of calls) await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(fired).toEqual(["the caller's own"]);
    const late = client.send(command(), { abortSignal: { aborted: true, onabort: null } });
    await expect(late).rejects.toMatchObject({ name: "AbortError", attempts: [] });
  });

  it.each([
    [
      { timeout: 5 },
      "options of send().timeout is not an option; known here: abortSignal, requestTimeout, callTimeoutMs",
    ],
    [{ callTimeoutMs: 0 }, "callTimeoutMs must be a number of milliseconds above 0"],
    [{ requestTimeout: -1 }, "requestTimeout must be a number of milliseconds above 0"],
    [{ abortSignal: {} }, "abortSignal must be an AbortSignal, got an object (Object)"],
    ["soon", 'options of send() must be an object, got "soon"'],
  ])("refuses %o by name, before anything is sent", async (options, message) => {
    const { client, network } = scriptedClient([200]);
    await expect(client.send(command(), options as object)).rejects.toThrow(message);
    expect(network.requests).toEqual([]);
  });

  it("sends nothing for a signal that has fired already", async () => {
    const { call, network } = scriptedClient([200]);
    const { error } = await call({}, { abortSignal: AbortSignal.abort(new Error("too late")) });
    expect(error).toMatchObject({
      name: "AbortError",
      mayHaveExecuted: false,
      cause: { message: "too late" },
    });
    expect(network.requests).toEqual([]);
  });

  it("refuses an input that breaks a rule, before anything is sent", async () => {
    const { call, network, metric } = scriptedClient([200]);
    const { error } = await call({ TargetVariant: "no spaces" });
    expect(error).toMatchObject({ name: "ValidationError", member: "TargetVariant", mayHaveExecuted: false });
    expect(network.requests).toEqual([]);
    expect(await metric("requests_total", { outcome: "invalid_request", variant: "_none" })).toBe(1);
  });

  it.each([undefined, {}, { input: {} }])("refuses %o, which is no command", async (wrong) => {
    const { client } = scriptedClient([200]);
    await expect(client.send(wrong as never)).rejects.toThrow(
      "send() takes a command of this package, such as",
    );
  });

  it("takes requestTimeout: 0 for no bound of the attempt", async () => {
    const { call, clock } = scriptedClient(["silence"], {
      timeouts: { attemptMs: 100 },
      callTimeoutMs: 1_000,
    });
    const pending = call({}, { requestTimeout: 0 });
    await clock.advance(1_000);
    expect((await pending).error).toMatchObject({ clock: "call" });
  });

  it("does not count the wait for credentials as the attempt's time", async () => {
    const { call, clock } = scriptedClient([200], {
      timeouts: { attemptMs: 1_000 },
      credentials: () =>
        new Promise((resolve) => {
          clock.setTimeout(resolve, 1_500, { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" });
        }),
    });
    const pending = call();
    await clock.advance(2_000);
    expect((await pending).ok).toBe(true);
  });

  it("sends nothing for a call that was aborted while a layer of the user's was waiting", async () => {
    const { client, call, clock, network } = scriptedClient([200]);
    const slow = layer({ name: "slow", step: "build" }, (next) => async (args) => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 1_000, undefined));
      return next(args);
    });
    client.middlewareStack.use(slow);
    const controller = new AbortController();
    const pending = call({}, { abortSignal: controller.signal });
    await clock.advance(1);
    controller.abort();
    await clock.advance(1_000);
    expect((await pending).error?.name).toBe("AbortError");
    expect(network.requests).toEqual([]);
  });

  it("keeps AWS_MAX_ATTEMPTS and maxAttempts where retry.maxAttempts is undefined", async () => {
    const { call, network } = scriptedClient([503], {
      maxAttempts: 1,
      retry: { maxAttempts: undefined } as object,
    });
    await call();
    expect(network.requests.length).toBe(1);
  });

  it("lets a command be sent any number of times", async () => {
    const { client, network } = scriptedClient([200]);
    const one = command();
    await Promise.all([client.send(one), client.send(one), client.send(one)]);
    expect(network.requests.length).toBe(3);
  });
});

describe("what must not leak", () => {
  it("is not in the client, its configuration, its commands' errors or their history", async () => {
    const credentials = { accessKeyId: "AKIDLEAK", secretAccessKey: "s3cret-key", sessionToken: "t0ken" };
    const { client, call, clock, network } = scriptedClient([424], { credentials });
    const pending = call({ Body: "PAYLOAD-1", CustomAttributes: "ATTRIBUTE-1" });
    await clock.advance(1_000);
    const { error } = await pending;
    const { error: refused } = await call({ Body: "PAYLOAD-2", CustomAttributes: "ATTRIBUTE-2 \n" });
    expect(network.requests[0]?.headers).toMatchObject({ "x-amz-security-token": "t0ken" });
    const shown = [client, client.config, error, error?.attempts, refused]
      .map((value) => inspect(value, { depth: 20, showHidden: false }) + JSON.stringify(value))
      .join("");
    expect(shown).toContain("ModelError");
    expect(shown).not.toMatch(/PAYLOAD|ATTRIBUTE|AKIDLEAK|s3cret-key|t0ken/);
  });
});

describe("SageMakerRuntime", () => {
  it("has a method per operation", async () => {
    const { network } = scriptedClient([200]);
    const runtime = new SageMakerRuntime({
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      dispatcher: network,
    });
    await runtime.invokeEndpoint({ EndpointName: "churn", Body: "1" });
    network.answerWith({ status: 202, body: '{"InferenceId":"i-1"}' });
    const queued = await runtime.invokeEndpointAsync({ EndpointName: "churn", Body: "1" });
    network.answerWith(200);
    const stream = await runtime.invokeEndpointWithResponseStream({ EndpointName: "churn", Body: "1" });
    expect(queued.InferenceId).toBe("i-1");
    expect(await stream.Body.text()).toBe("");
    expect(network.requests.map(({ path }) => path.split("/").at(-1))).toEqual([
      "invocations",
      "async-invocations",
      "invocations-response-stream",
    ]);
  });
});
