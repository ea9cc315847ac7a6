import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { InvokeEndpointAsyncCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import { LEAST_STORED } from "../../lib/resilience/hedge-allowance.ts";
import { hedgedClient, LEARNT, learn, SLOW_MS } from "../support/hedged-client.ts";

const unavailable = { afterMs: 10, answer: 503 } as const;
const late503 = { afterMs: SLOW_MS + 20, answer: 503 } as const;

describe("a hedged attempt and retry", () => {
  it("are tried again when both have failed; the error has all three in its history", async () => {
    const { call, clock, network, metric } = await hedgedClient({ maxAttempts: 2 });
    network.answerWith(late503, unavailable, { status: 424, body: "{}" });
    const pending = call();
    await clock.advance(2_000);
    const { error } = await pending;
    expect(error?.name).toBe("ModelError");
    expect(error?.attempts).toMatchObject([
      { number: 1, kind: "first", outcome: "server_error", durationMs: SLOW_MS + 20 },
      { number: 2, kind: "hedge", outcome: "server_error", durationMs: 10 },
      { number: 3, kind: "retry", outcome: "model_error" },
    ]);
    expect(error).toMatchObject({ mayHaveExecuted: true, $metadata: { attempts: 3 } });
    expect(await metric("hedges_total", { result: "failed" })).toBe(1);
    expect(await metric("retries_total", { reason: "server_error" })).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it("are not tried again while one of them may still answer", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith({ afterMs: SLOW_MS + 5, answer: 503 }, { afterMs: 30, answer: 200 });
    const pending = call();
    await clock.advance(200);
    expect((await pending).output?.$metadata.attempts).toBe(2);
    expect(await metric("retries_total", {})).toBe(0);
    expect(await metric("hedges_total", { result: "won" })).toBe(1);
  });

  it("leave a first attempt that fails before it is slow to retry alone", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith({ afterMs: 5, answer: 503 }, 200);
    const pending = call();
    await clock.advance(200);
    expect((await pending).output?.$metadata.attempts).toBe(2);
    expect(await metric("hedges_total", {})).toBe(0);
    expect(await metric("attempts_total", { kind: "retry" })).toBe(1);
  });

  it("hedge a retry as well", async () => {
    const { call, clock, network } = await hedgedClient();
    network.answerWith({ afterMs: 5, answer: 503 }, "silence", 200);
    const pending = call();
    await clock.advance(200);
    expect((await pending).output?.$metadata.attempts).toBe(3);
    expect(network.requests.at(-1)?.headers["amz-sdk-request"]).toBe("attempt=3; max=3");
  });

  it("are tried again for the sake of the hedge's error, where that is the one that counts", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith({ afterMs: 30, answer: 424 }, { afterMs: 60, answer: 503 }, 200);
    const pending = call();
    await clock.advance(2_000);
    expect((await pending).output?.$metadata.attempts).toBe(3);
    expect(await metric("retries_total", { reason: "server_error" })).toBe(1);
  });

  it.each([
    ["the last one", late503, { afterMs: 1, answer: 500 }, "ServiceUnavailable"],
    ["the last one, be it the hedge's", { afterMs: SLOW_MS, answer: 500 }, late503, "ServiceUnavailable"],
    ["the one that may be tried again", late503, { afterMs: 60, answer: 400 }, "ServiceUnavailable"],
  ] as const)("give up with %s of two errors", async (_, first, hedge, name) => {
    const { call, clock, network } = await hedgedClient({ maxAttempts: 1 });
    network.answerWith(first, hedge);
    const pending = call();
    await clock.advance(200);
    expect((await pending).error).toMatchObject({ name, $metadata: { attempts: 2 } });
  });

  it("end at once where the answer says that the request is wrong: the other would get the same", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith({ afterMs: 30, answer: 400 }, "silence");
    const pending = call();
    await clock.advance(30);
    const { error } = await pending;
    expect(error).toMatchObject({
      name: "ValidationError",
      attempts: [{ outcome: "invalid_request" }, { kind: "hedge", outcome: "cancelled" }],
    });
    expect([network.inFlight, clock.pendingTimers]).toEqual([0, 0]);
    expect(await metric("hedges_total", { result: "lost" })).toBe(1);
  });

  it("draw on one budget: what a hedge has taken, no retry has, and the other way round", async () => {
    const oneExtra = { retry: { budget: { minPerSecond: 0.1, ratio: 0 } } };
    const hedged = await hedgedClient(oneExtra);
    hedged.network.answerWith("silence", 200, { afterMs: 5, answer: 503 });
    const saved = hedged.call();
    await hedged.clock.advance(100);
    expect((await saved).ok).toBe(true);
    const failed = hedged.call();
    await hedged.clock.advance(1_000);
    expect((await failed).error?.$metadata).toMatchObject({ attempts: 1 });
    expect(await hedged.metric("retries_suppressed_total", { reason: "budget" })).toBe(1);

    const retried = await hedgedClient(oneExtra);
    retried.network.answerWith({ afterMs: 5, answer: 503 }, 200, "silence");
    const again = retried.call();
    await retried.clock.advance(1_000);
    expect((await again).ok).toBe(true);
    void retried.call();
    await retried.clock.advance(1_000);
    expect(await retried.metric("hedges_suppressed_total", { reason: "budget" })).toBe(1);
    expect(retried.network.inFlight).toBe(1);
  });

  it("hedge without retry, too: then maxExtraLoad alone bounds it", async () => {
    const { call, clock, network, metric } = await hedgedClient({ retry: false });
    network.answerWith("silence");
    for (let i = 0; i < 12; i++) void call();
    await clock.advance(1_000);
    // All that may be stored: the attempts of the last 10 s have earned no more.
    expect(await metric("attempts_in_flight", {})).toBe(12 + LEAST_STORED);
    expect(await metric("hedges_suppressed_total", { reason: "load" })).toBe(12 - LEAST_STORED);
  });
});

describe("a hedged attempt and the breaker", () => {
  it("count a loser as nothing: neither as a failure nor as in flight", async () => {
    const { client, call, clock, network } = await hedgedClient({
      circuitBreaker: { breaker: () => new ConsecutiveBreaker(1) },
      retry: false,
    });
    for (let i = 0; i < 5; i++) {
      network.answerWith("silence", 200);
      const pending = call();
      await clock.advance(100);
      expect((await pending).ok).toBe(true);
    }
    const [breaker] = client.breakers;
    expect(breaker?.state).toBe("closed");
    network.answerWith(503);
    await call();
    expect(breaker?.state).toBe("open");
  });

  it("hedge nothing while it is not closed: probes are not doubled", async () => {
    const { client, call, clock, network, metric } = await hedgedClient({
      circuitBreaker: { halfOpenProbes: 1 },
    });
    const [breaker] = client.breakers;
    breaker?.restore({ state: "open", takenAt: clock.epochNow(), cause: "failure", openForMs: 0 });
    network.answerWith({ afterMs: 200, answer: 200 });
    const probe = call();
    await clock.advance(200);
    expect((await probe).output?.$metadata.attempts).toBe(1);
    expect(await metric("hedges_suppressed_total", { reason: "overload" })).toBe(1);
    expect(breaker?.state).toBe("recovering");
  });

  it("lend a hedge that loses no probe of another variant's breaker", async () => {
    const test = await hedgedClient({
      hedge: { variants: { churn: ["blue", "green"] } },
      circuitBreaker: { halfOpenProbes: 1, recoveryRampMs: 0 },
    });
    const { client, call, clock, network } = test;
    await learn(test, { TargetVariant: "blue" });
    await learn(test, { TargetVariant: "green" });
    const green = [...client.breakers].find(({ target }) => target.variant === "green");
    green?.restore({ state: "open", takenAt: clock.epochNow(), cause: "failure", openForMs: 0 });
    network.answerWith({ afterMs: 50, answer: 200 }, "silence", 200);
    const first = call({ TargetVariant: "blue" });
    await clock.advance(50);
    expect((await first).output?.$metadata.attempts).toBe(2);
    expect(green?.state).toBe("halfOpen");
    expect((await call({ TargetVariant: "green" })).ok).toBe(true);
    expect(green?.state).toBe("closed");
  });

  it("give a hedge that is refused back, and wait for the first attempt", async () => {
    const variants = { churn: ["blue", "green"] };
    const test = await hedgedClient({
      hedge: { variants, maxExtraLoad: 0.05 },
      retry: { budget: { minPerSecond: 0.1, ratio: 0 } },
    });
    const { client, call, clock, network, metric } = test;
    const blue = { TargetVariant: "blue" };
    await learn(test, blue);
    await learn(test, { TargetVariant: "green" });
    const green = [...client.breakers].find(({ target }) => target.variant === "green");
    green?.isolate();
    network.answerWith({ afterMs: 100, answer: 200 });
    const first = call(blue);
    await clock.advance(100);
    expect((await first).output?.$metadata.attempts).toBe(1);
    expect(await metric("hedges_suppressed_total", { reason: "overload" })).toBe(1);
    green?.reset();
    network.answerWith("silence", 200);
    const second = call(blue);
    await clock.advance(100);
    expect((await second).output?.$metadata.attempts).toBe(2);
  });
});

describe("a hedged attempt and a limiter", () => {
  it("hedge nothing while it says that the target has too much to do", async () => {
    const test = await hedgedClient();
    let isOverloaded = true;
    const limiter = layer({ name: "limiter", step: "finalizeRequest", priority: "low" }, (next) => (args) => {
      args.call.limiter = { isOverloaded };
      return next(args);
    });
    test.client.middlewareStack.use(limiter);
    test.network.answerWith("silence");
    void test.call();
    await test.clock.advance(100);
    expect(await test.metric("hedges_suppressed_total", { reason: "overload" })).toBe(1);
    isOverloaded = false;
    void test.call();
    await test.clock.advance(100);
    expect(test.network.inFlight).toBe(3);
  });
});

describe("a hedged attempt and the clocks", () => {
  it("end together at the deadline, with one TimeoutError and no timer", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith("silence");
    const pending = call({}, { callTimeoutMs: 500 });
    await clock.advance(500);
    expect((await pending).error).toMatchObject({
      name: "TimeoutError",
      clock: "call",
      attempts: [{ outcome: "timeout" }, { outcome: "timeout" }],
    });
    expect([network.inFlight, network.aborted, clock.pendingTimers]).toEqual([0, 2, 0]);
    expect(await metric("attempts_in_flight", {})).toBe(0);
  });

  it("are not doubled where no answer could come before the deadline", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith("silence");
    void call({}, { callTimeoutMs: SLOW_MS + 5 });
    await clock.advance(SLOW_MS);
    expect(network.inFlight).toBe(1);
    expect(await metric("hedges_suppressed_total", { reason: "deadline" })).toBe(1);
  });

  it("go on with the hedge when the first attempt has timed out", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith("silence", { afterMs: 90, answer: 200 });
    const pending = call({}, { requestTimeout: 100 });
    await clock.advance(200);
    expect((await pending).output?.$metadata.attempts).toBe(2);
    expect(await metric("attempts_total", { kind: "first", outcome: "timeout" })).toBe(1);
  });

  it("time out each by itself; timeouts are not tried again", async () => {
    const { call, clock, network } = await hedgedClient();
    network.answerWith("silence");
    const pending = call({}, { requestTimeout: 100 });
    await clock.advance(200);
    expect((await pending).error).toMatchObject({ name: "TimeoutError", clock: "attempt" });
    expect([network.requests.length, clock.pendingTimers]).toEqual([LEARNT + 2, 0]);
  });

  it.each(["abort", "destroy"] as const)("end together on %s", async (how) => {
    const { client, call, clock, network, metric } = await hedgedClient();
    network.answerWith("silence");
    const controller = new AbortController();
    const pending = call({}, { abortSignal: controller.signal });
    await clock.advance(100);
    expect(network.inFlight).toBe(2);
    if (how === "abort") controller.abort();
    else client.destroy();
    expect((await pending).error?.name).toBe("AbortError");
    expect([network.inFlight, network.aborted, clock.pendingTimers]).toEqual([0, 2, 0]);
    expect(await metric("hedges_total", { result: "lost" })).toBe(1);
  });

  it.each([undefined, false] as const)(
    "end on abort after the first attempt has failed, while the hedge runs; retry: %s",
    async (retry) => {
      const { call, clock, network } = await hedgedClient({ retry });
      network.answerWith({ afterMs: 40, answer: 503 }, "silence", 200);
      const controller = new AbortController();
      const pending = call({}, { abortSignal: controller.signal });
      await clock.advance(100);
      controller.abort();
      expect((await pending).error).toMatchObject({ name: "AbortError", $metadata: { attempts: 2 } });
      await clock.advance(60_000);
      expect([network.requests.length, clock.pendingTimers]).toEqual([LEARNT + 2, 0]);
    },
  );
});

describe("an asynchronous call", () => {
  it("is never hedged, however slow its endpoint is", async () => {
    const { client, clock, network } = await hedgedClient();
    const enqueue = () =>
      client.send(new InvokeEndpointAsyncCommand({ EndpointName: "churn", InputLocation: "s3://b/k" }));
    for (let i = 0; i < LEARNT; i++) {
      const pending = enqueue();
      await clock.advance(20);
      await pending;
    }
    network.answerWith("silence");
    enqueue().catch(() => {});
    await clock.advance(1_000);
    expect(network.inFlight).toBe(1);
    client.destroy();
  });
});
