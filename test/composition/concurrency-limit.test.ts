import { describe, expect, it } from "vitest";
import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { InvokeEndpointWithResponseStreamCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import type { SendOptions } from "../../lib/send-options.ts";
import { settle } from "../support/fake-clock.ts";
import { fullClient, noQueue } from "../support/full-client.ts";
import { type ScriptedClient, type Settled, scriptedClient } from "../support/scripted-client.ts";

const throttling = { status: 400, headers: { "x-amzn-errortype": "ThrottlingException" } };

describe("a call beyond the limit", () => {
  it("waits, and goes on when a permit is handed on", async () => {
    const { call, network, release, metric, clock } = await fullClient([200]);
    const waiting = call();
    await clock.advance(3_000);
    expect(network.requests.length).toBe(1);
    expect(await metric("queue_depth", { endpoint: "churn" })).toBe(1);
    await release();
    const { ok, output } = await waiting;
    expect([ok, output?.$metadata.attempts]).toEqual([true, 1]);
    expect(await metric("queue_depth", {})).toBe(0);
    expect(await metric("queue_wait_seconds_sum", {})).toBe(3);
  });

  it("is refused at once where no place in the queue is left: nothing is sent or tried again", async () => {
    const { call, network, metric, clock } = await fullClient([200], noQueue);
    const { error } = await call();
    expect(error).toMatchObject({
      name: "ConcurrencyLimitError",
      message: "churn is at its limit of 1 in flight, and its queue is full",
      refusal: "queueFull",
      mayHaveExecuted: false,
      attempts: [],
    });
    expect(error?.retryAfterMs).toBeGreaterThan(0);
    await clock.advance(60_000);
    expect(network.requests.length).toBe(1);
    expect(await metric("requests_total", { outcome: "rejected_queue", variant: "_none" })).toBe(1);
    expect(await metric("queue_rejections_total", { reason: "full", priority: "standard" })).toBe(1);
    expect(await metric("retries_suppressed_total", { reason: "not_retryable" })).toBe(1);
  });

  it("is told that its queue timed out, by the clock of that name", async () => {
    const { call, clock, network, metric } = await fullClient([200], {
      concurrencyLimit: { algorithm: "fixed", initial: 1, queueTimeoutMs: 500 },
    });
    const pending = call();
    await clock.advance(500);
    expect((await pending).error).toMatchObject({
      name: "TimeoutError",
      clock: "queue",
      message: "no permit within 500 ms (concurrencyLimit.queueTimeoutMs)",
      mayHaveExecuted: false,
    });
    expect(network.requests.length).toBe(1);
    expect(await metric("queue_rejections_total", { reason: "timeout" })).toBe(1);
  });

  it("loses its place to one of a higher class, and says so", async () => {
    const { call, release, metric } = await fullClient([200], {
      concurrencyLimit: { algorithm: "fixed", initial: 1, maxQueue: 1 },
    });
    const sheddable = call({}, { priority: "sheddable" });
    await settle();
    const critical = call({}, { priority: "critical" });
    expect((await sheddable).error).toMatchObject({ name: "ConcurrencyLimitError", refusal: "shed" });
    expect(await metric("queue_rejections_total", { reason: "shed", priority: "sheddable" })).toBe(1);
    await release();
    expect((await critical).ok).toBe(true);
  });
});

describe("limits", () => {
  it("are kept per target: one that is full holds up no other", async () => {
    const { call } = await fullClient([200], noQueue);
    expect((await call()).ok).toBe(false);
    expect((await call({ TargetVariant: "canary" })).ok).toBe(true);
  });

  it("are shared by what key says", async () => {
    const { call } = await fullClient([200], {
      concurrencyLimit: { ...noQueue.concurrencyLimit, key: ({ endpoint }) => endpoint },
    });
    expect((await call({ TargetVariant: "canary" })).error?.name).toBe("ConcurrencyLimitError");
  });

  it("hold back nothing at the defaults, and nobody is in a queue", async () => {
    const { call, network, metric } = scriptedClient([200]);
    const calls = await Promise.all(Array.from({ length: 250 }, () => call()));
    expect(calls.every(({ ok }) => ok)).toBe(true);
    expect(network.maxInFlight).toBe(250);
    expect(await metric("queue_wait_seconds_count", {})).toBe(0);
    expect(await metric("concurrency_limit", { endpoint: "churn" })).toBe(256);
  });

  it("let 5 000 calls at once through a healthy endpoint, at most 256 at a time", async () => {
    const { call, network } = scriptedClient([200]);
    const calls = await Promise.all(Array.from({ length: 5_000 }, () => call()));
    expect(calls.every(({ ok }) => ok)).toBe(true);
    expect(network.maxInFlight).toBe(256);
  });

  it("are left out with concurrencyLimit: false", async () => {
    const { call, network, metric, client, clock } = scriptedClient(["silence"], { concurrencyLimit: false });
    const calls = Array.from({ length: 2_000 }, () => call());
    await clock.advance(0);
    expect(network.inFlight).toBe(2_000);
    expect(await metric("concurrency_limit", {})).toBe(0);
    client.destroy();
    await Promise.all(calls);
  });
});

describe("an adaptive limit", () => {
  async function limitAfter(answer: Parameters<typeof scriptedClient>[0][number], config = {}) {
    const { call, clock, metric } = scriptedClient([answer], {
      retry: false,
      circuitBreaker: false,
      concurrencyLimit: { initial: 50 },
      ...config,
    });
    for (let i = 0; i < 5; i++) {
      const calls = Array.from({ length: 30 }, () => call());
      // As long as anybody may queue.
      await clock.advance(11_000);
      await Promise.all(calls);
    }
    return metric("concurrency_limit", {});
  }

  it.each([
    ["503", 503],
    ["throttling with status 400", throttling],
    ["429 without a type", { status: 429, headers: { "x-amzn-errortype": "" } }],
    ["502", 502],
    ["504", 504],
    ["a container that says 429", { status: 424, body: '{"OriginalStatusCode":429}' }],
    ["a container that is out of memory: 507", { status: 424, body: '{"OriginalStatusCode":507}' }],
    ["a container that says 503", { status: 424, body: '{"OriginalStatusCode":503}' }],
    ["a container that ran into its 60 s", { status: 424, body: '{"OriginalStatusCode":0}' }],
  ])("is cut by %s", async (_, answer) => {
    expect(await limitAfter(answer)).toBeLessThan(10);
  });

  it.each(["attemptMs", "socketMs"])("is cut by attempts that time out by timeouts.%s", async (clock) => {
    expect(await limitAfter("silence", { timeouts: { [clock]: 500 } })).toBeLessThan(10);
  });

  it.each([
    ["a model that is loading", 429],
    ["an invalid request", 400],
    ["a refused signature", 403],
    ["an endpoint that does not exist", 404],
    ["a payload that is too large", 413],
    ["a container that says 400", { status: 424, body: '{"OriginalStatusCode":400}' }],
    ["a failing model", { status: 424, body: '{"OriginalStatusCode":500}' }],
    ["an internal failure", 500],
    ["a connection that fails", { resets: "connect" as const }],
  ])("is not moved by %s", async (_, answer) => {
    expect(await limitAfter(answer)).toBe(50);
  });

  it("is not moved by deadlines: they are the caller's", async () => {
    expect(await limitAfter("silence", { callTimeoutMs: 500 })).toBe(50);
  });
});

describe("a stream", () => {
  const part = payloadPartFrame(Buffer.from("hello"));

  async function openStream(test: ScriptedClient, options: SendOptions = {}) {
    const command = new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "{}" });
    return (await test.client.send(command, options)).Body;
  }

  it.each(["read", "left", "aborted"])("holds its permit until it is %s", async (how) => {
    const test = scriptedClient([{ status: 200, body: part }], { concurrencyLimit: 1 });
    const controller = new AbortController();
    const body = await openStream(test, { abortSignal: controller.signal });
    let settled: Settled | undefined;
    void test.call().then((end) => {
      settled = end;
    });
    await test.clock.advance(1_000);
    expect(settled).toBeUndefined();
    if (how === "read") await body.text();
    else if (how === "left") for await (const _ of body) break;
    else controller.abort();
    await test.clock.advance(0);
    expect(settled?.ok).toBe(true);
  });
});

describe("a call that is aborted in the very tick in which it gets its permit", () => {
  it("gives it back", async () => {
    const part = payloadPartFrame(Buffer.from("hello"));
    const test = scriptedClient([{ status: 200, body: part }], { concurrencyLimit: 1 });
    const controller = new AbortController();
    test.client.middlewareStack.use(
      layer(
        { name: "aborts", relation: "before", toMiddleware: "concurrencyLimit" },
        (next) => async (args) => {
          const result = await next(args);
          // Told of the end right after the limit, which hands the permit on to the call that waits.
          args.attempt?.stream?.end.onEnd(() => controller.abort());
          return result;
        },
      ),
    );
    const command = new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "{}" });
    const { Body } = await test.client.send(command);
    const aborted = test.call({}, { abortSignal: controller.signal });
    await settle();
    await Body.text();
    expect((await aborted).error).toMatchObject({ name: "AbortError", attempts: [] });
    expect((await test.call()).ok).toBe(true);
    expect(test.network.requests.length).toBe(2);
  });
});

describe("send", () => {
  it.each([
    [{ priority: "high" }, 'priority must be one of "critical", "standard", "sheddable", got "high"'],
    [{ fairnessKey: "" }, 'fairnessKey must be a string of 1 to 256 characters, got ""'],
    [{ fairnessKey: 7 }, "fairnessKey must be a string of 1 to 256 characters, got 7"],
  ])("refuses %o", async (options, message) => {
    const { call, network } = scriptedClient([200]);
    expect((await call({}, options as unknown as SendOptions)).error?.message).toBe(message);
    expect(network.requests.length).toBe(0);
  });

  it("serves tenants by their fairness key", async () => {
    const { call, network, release } = await fullClient([200]);
    const crowd = Array.from({ length: 50 }, (_, i) =>
      call({ InferenceId: `c${i}` }, { fairnessKey: "crowd" }),
    );
    await settle();
    const single = call({ InferenceId: "single" }, { fairnessKey: "single" });
    await settle();
    await release();
    await Promise.all([...crowd, single]);
    const order = network.requests.map(({ headers }) => headers["x-amzn-sagemaker-inference-id"]);
    expect(order.indexOf("single")).toBeLessThanOrEqual(2);
  });
});
