import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { InvokeEndpointAsyncCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import { hedgedClient, LEARNT, learn, SLOW_MS } from "../support/hedged-client.ts";

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
