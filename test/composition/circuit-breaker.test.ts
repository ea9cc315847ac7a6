import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { scriptedClient } from "../support/scripted-client.ts";

const tripsAtThree = { breaker: () => new ConsecutiveBreaker(3) };

describe("retry around an open breaker", () => {
  it("stops, and the caller gets the answer that opened it", async () => {
    const { call, clock, network, metric } = scriptedClient([503], {
      circuitBreaker: { breaker: () => new ConsecutiveBreaker(2) },
    });
    const pending = call();
    await clock.advance(1_000);
    const { error } = await pending;
    expect(error?.name).toBe("ServiceUnavailable");
    expect(error?.$metadata).toMatchObject({ attempts: 2 });
    expect(network.requests.length).toBe(2);
    expect(await metric("retries_suppressed_total", { reason: "breaker" })).toBe(1);
  });

  it("gives a later call a CircuitOpenError at once: nothing is sent, nothing may have run", async () => {
    const { call, clock, network, metric } = scriptedClient([503], { circuitBreaker: tripsAtThree });
    const first = call();
    await clock.advance(1_000);
    await first;
    const { error } = await call();
    expect(error).toMatchObject({ name: "CircuitOpenError", mayHaveExecuted: false, attempts: [] });
    expect(error?.retryAfterMs).toBe(75);
    expect(network.requests.length).toBe(3);
    expect(await metric("requests_total", { outcome: "rejected_breaker", variant: "_none" })).toBe(1);
    expect(await metric("breaker_state", { state: "open" })).toBe(1);
    expect(await metric("breaker_transitions_total", { to: "open" })).toBe(1);
  });

  it("recovers through probes when the service does", async () => {
    const { call, clock, network, metric } = scriptedClient([503], {
      circuitBreaker: { ...tripsAtThree, halfOpenProbes: 1, recoveryRampMs: 0 },
    });
    const first = call();
    await clock.advance(1_000);
    await first;
    network.answerWith(200);
    await clock.advance(5_000);
    expect((await call()).ok).toBe(true);
    expect(await metric("breaker_state", { state: "closed" })).toBe(1);
  });
});

describe("breakers", () => {
  it("are kept per target: a dead variant takes nothing from the others", async () => {
    const { call, clock, network } = scriptedClient([503], { circuitBreaker: tripsAtThree });
    const dead = call({ TargetVariant: "canary" });
    await clock.advance(1_000);
    await dead;
    network.answerWith(200);
    expect((await call({ TargetVariant: "canary" })).error?.name).toBe("CircuitOpenError");
    expect((await call()).ok).toBe(true);
    expect((await call({ TargetModel: "a.tar.gz" })).ok).toBe(true);
  });

  it.each([400, 403, { status: 400, headers: { "x-amzn-errortype": "ThrottlingException" } }] as const)(
    "do not count %o, which says nothing about the target's health",
    async (answer) => {
      const { call, clock, metric } = scriptedClient([answer], {
        circuitBreaker: tripsAtThree,
        retry: false,
      });
      for (let i = 0; i < 10; i++) await call();
      await clock.advance(0);
      expect(await metric("breaker_state", { state: "closed" })).toBe(1);
    },
  );

  it.each([
    [100, 1],
    [300, 0],
  ])(
    "take seven attempts that a deadline ended after 200 ms for slow ones, where slowCallMs is %s: open %s",
    async (slowCallMs, isOpen) => {
      const { call, clock, metric } = scriptedClient(["silence"], {
        circuitBreaker: { ...tripsAtThree, slowCallMs },
        retry: false,
        callTimeoutMs: 200,
      });
      for (let i = 0; i < 7; i++) {
        const pending = call();
        await clock.advance(200);
        await pending;
      }
      expect(await metric("breaker_state", { state: "open" })).toBe(isOpen);
    },
  );

  it("open for an endpoint that takes requests and does not answer, at the defaults", async () => {
    const { call, clock, network, metric } = scriptedClient(["silence"], { callTimeoutMs: 300_000 });
    for (let second = 0; second < 150; second++) {
      for (let i = 0; i < 5; i++) void call();
      await clock.advance(1_000);
    }
    expect(await metric("breaker_transitions_total", { to: "open" })).toBeGreaterThan(0);
    expect(network.requests.length).toBeLessThan(5 * 85);
  });

  it("are at hand, to be moved by hand", async () => {
    const { client, call } = scriptedClient([200]);
    await call();
    for (const breaker of client.breakers) breaker.isolate();
    expect((await call()).error).toMatchObject({
      name: "CircuitOpenError",
      message: "circuit breaker of churn is open (isolated)",
    });
  });

  it("give a retry that they refuse back to the budget", async () => {
    const { call, clock, network } = scriptedClient([503], {
      circuitBreaker: { breaker: () => new ConsecutiveBreaker(1), halfOpenProbes: 1, recoveryRampMs: 0 },
      retry: { budget: { minPerSecond: 0.1, ratio: 0 } },
    });
    const refused = call();
    await clock.advance(100);
    await refused;
    // Throttling moves no breaker: whether the only retry of these 10 s is still there decides.
    network.answerWith({ status: 400, headers: { "x-amzn-errortype": "ThrottlingException" } }, 200);
    const throttled = call({ TargetVariant: "other" });
    await clock.advance(1_000);
    expect((await throttled).output?.$metadata).toMatchObject({ attempts: 2 });
  });

  it("do not count callers who gave up", async () => {
    const { call, clock, metric } = scriptedClient(["silence"], { circuitBreaker: tripsAtThree });
    for (let i = 0; i < 10; i++) {
      const controller = new AbortController();
      const pending = call({}, { abortSignal: controller.signal });
      await clock.advance(1);
      controller.abort();
      await pending;
    }
    expect(await metric("breaker_state", { state: "closed" })).toBe(1);
  });

  it("are left out with circuitBreaker: false", async () => {
    const { call, clock, network } = scriptedClient([503], { circuitBreaker: false, retry: false });
    for (let i = 0; i < 100; i++) await call();
    await clock.advance(0);
    expect(network.requests.length).toBe(100);
  });
});

describe("a probe that is lost on its way", () => {
  it("keeps calls from a target that is well again for no longer than the breaker is ever open", async () => {
    const { call, clock, network } = scriptedClient([503], { retry: false });
    for (let i = 0; i < 20; i++) await call();
    await clock.advance(1_200);
    network.answerWith("silence", 200);
    const lost = call();
    await clock.advance(4_999);
    expect((await call()).error?.name).toBe("CircuitOpenError");
    await clock.advance(1);
    expect((await call()).ok).toBe(true);
    await Promise.all([lost, clock.advance(70_000)]);
    expect((await call()).ok).toBe(true);
  });
});
