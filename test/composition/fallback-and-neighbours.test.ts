import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import type { FallbackOptions } from "../../lib/resilience/fallback/options.ts";
import { type Routes, routedClient } from "../support/routed-client.ts";

const GREEN: FallbackOptions = { alternatives: [{ variant: "green" }] };

function client(routes: Routes, config: SageMakerRuntimeClientConfig = {}) {
  return routedClient({ churn: [503], green: [200], ...routes }, { fallback: GREEN, ...config });
}

describe("fallback and its reasons", () => {
  const only = (on: FallbackOptions["on"], routes: Routes = {}) =>
    client(routes, { fallback: { ...GREEN, ...(on && { on }) }, retry: false });

  it("asks for those of the list alone", async () => {
    expect((await only(["timeout"]).call()).ok).toBe(false);
    expect((await only(["timeout", "serverError"]).call()).ok).toBe(true);
  });

  it("asks for what a function says, 4xx included, and says why as far as it knows", async () => {
    const test = only((error) => error.name === "ValidationError", { churn: [400] });
    expect((await test.call()).output?.$metadata.fallback?.reason).toBe("other");
    expect(await test.metric("fallbacks_total", { reason: "other", result: "ok" })).toBe(1);
    const cautious = only(() => false);
    expect((await cautious.call()).ok).toBe(false);
  });

  it.each([400, 403, 413])("never asks for a %i by default", async (status) => {
    const test = only(undefined, { churn: [status] });
    expect((await test.call()).ok).toBe(false);
    expect(test.network.counts.green).toBe(0);
  });

  it("may have others for one alternative", async () => {
    const fallback: FallbackOptions = {
      alternatives: [{ variant: "green", on: ["timeout"] }, { answer: { Body: "0.5" } }],
    };
    const test = client({}, { fallback, retry: false });
    expect((await test.call()).output?.$metadata.fallback?.index).toBe(1);
    expect(test.network.counts.green).toBe(0);
  });
});

describe("fallback and retry", () => {
  it("lets retry try first, and again at the alternative", async () => {
    const { call, clock, network } = client({ green: [503, 200] });
    const settled = call();
    await clock.advance(10_000);
    const { output } = await settled;
    expect(network.counts).toMatchObject({ churn: 3, green: 2 });
    expect(output?.$metadata.attempts).toBe(5);
    expect(output?.$metadata.totalRetryDelay).toBeGreaterThan(0);
  });

  it("pays for retries at the alternative from the same budget of the endpoint", async () => {
    const budget = { ratio: 0, minPerSecond: 0.2, windowMs: 10_000 };
    const { call, clock, metric } = client({ green: [503] }, { retry: { budget } });
    const settled = call();
    await clock.advance(9_000);
    expect((await settled).error?.attempts).toMatchObject([
      { kind: "first" },
      { kind: "retry" },
      { kind: "retry" },
      { kind: "fallback" },
    ]);
    expect(await metric("retries_suppressed_total", { reason: "budget" })).toBe(1);
  });

  it("does not wait for a loading model while there is an alternative, and waits for the last one", async () => {
    const fallback: FallbackOptions = { alternatives: [{ variant: "green" }, { variant: "grey" }] };
    const { call, clock, network } = client({ churn: [429], green: [429], grey: [429, 200] }, { fallback });
    const settled = call();
    await clock.advance(0);
    expect(network.counts).toMatchObject({ churn: 1, green: 1, grey: 1 });
    await clock.advance(2_000);
    expect((await settled).output?.$metadata.fallback).toMatchObject({ name: "grey", reason: "notReady" });
  });

  it("waits for a loading model where that is no reason, or for as long as it is told to", async () => {
    const patient = client({ churn: [429, 200] }, { fallback: { ...GREEN, on: ["timeout"] } });
    const answered = patient.call();
    await patient.clock.advance(2_000);
    expect((await answered).output?.$metadata).not.toHaveProperty("fallback");
    const bounded = client({ churn: [429] }, { fallback: { ...GREEN, waitForModelMs: 5_000 } });
    const late = bounded.call();
    await bounded.clock.advance(10_000);
    expect((await late).output?.$metadata.fallback?.reason).toBe("notReady");
    expect(bounded.network.counts.churn).toBeGreaterThan(1);
  });

  it("waits for the model of a session, which no alternative may answer", async () => {
    const { call, clock } = client({ churn: [429, 200] });
    const settled = call({ SessionId: "s-1" });
    await clock.advance(2_000);
    expect((await settled).ok).toBe(true);
  });
});

describe("fallback and the breakers", () => {
  it("asks at once where a breaker is open, and nothing is sent to what is down", async () => {
    const { call, network } = client(
      {},
      { retry: false, circuitBreaker: { breaker: () => new ConsecutiveBreaker(1) } },
    );
    await call();
    const { output } = await call();
    expect(output?.$metadata).toMatchObject({ attempts: 1, fallback: { reason: "circuitOpen" } });
    expect(network.counts).toMatchObject({ churn: 1, green: 2 });
  });

  it("goes by the alternative's own breaker", async () => {
    const config = { retry: false, circuitBreaker: { breaker: () => new ConsecutiveBreaker(1) } } as const;
    const { call, network } = client({ green: [503] }, config);
    await call();
    const { error } = await call();
    expect(error).toMatchObject({ name: "CircuitOpenError", variant: undefined });
    expect(error?.fallbackErrors).toMatchObject([{ name: "CircuitOpenError", variant: "green" }]);
    expect(network.counts).toMatchObject({ churn: 1, green: 1 });
  });
});

describe("fallback and the concurrency limit", () => {
  it("asks where the target is full, and is bounded by the alternative's own limit", async () => {
    const config = { concurrencyLimit: { algorithm: "fixed", initial: 1, maxQueue: 1 } } as const;
    const { call, clock, network } = client({ churn: ["silence"], green: ["silence"] }, config);
    const calls = [1, 2, 3, 4, 5].map(() => call({}, { callTimeoutMs: 1_000 }));
    await clock.advance(1);
    expect(network.counts).toMatchObject({ churn: 1, green: 1 });
    expect((await calls[4])?.error).toMatchObject({
      name: "ConcurrencyLimitError",
      fallbackErrors: [{ name: "ConcurrencyLimitError", variant: "green" }],
    });
    await clock.advance(1_000);
    expect((await Promise.all(calls)).filter(({ ok }) => ok)).toEqual([]);
  });
});

describe("fallback and the deadline", () => {
  it("is bounded by what is left of it", async () => {
    const { call, clock, network } = client({ green: ["silence"] }, { retry: false });
    const settled = call({}, { callTimeoutMs: 1_000 });
    await clock.advance(1_000);
    const { error } = await settled;
    expect(error).toMatchObject({ name: "TimeoutError", clock: "call", timeoutMs: 1_000 });
    expect(error?.cause).toMatchObject({ name: "ServiceUnavailable" });
    expect(error?.attempts).toMatchObject([{ outcome: "server_error" }, { kind: "fallback" }]);
    expect(network.at("green").inFlight).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends with the caller's abort within the tick, and asks nobody else", async () => {
    const fallback: FallbackOptions = { alternatives: [{ variant: "green" }, { answer: { Body: "0.5" } }] };
    const { call, clock, network } = client({ green: ["silence"] }, { fallback, retry: false });
    const abort = new AbortController();
    const settled = call({}, { abortSignal: abort.signal });
    await clock.advance(10);
    abort.abort();
    expect((await settled).error?.name).toBe("AbortError");
    expect(network.at("green").inFlight).toBe(0);
  });
});

describe("fallback and hedge", () => {
  it("may be hedged at the alternative", async () => {
    const { call, clock, network } = client(
      { green: [...Array.from({ length: 30 }, () => 200), "silence", 200] },
      { retry: false, circuitBreaker: false, hedge: { minimumSamples: 20, maxExtraLoad: 0.25 } },
    );
    for (let i = 0; i < 30; i++) await call();
    const settled = call();
    await clock.advance(20);
    expect((await settled).output?.$metadata.attempts).toBe(3);
    expect(network.counts).toMatchObject({ churn: 31, green: 32 });
  });
});

describe("fallback and singleFlight", () => {
  it("shares the alternative as well, and says so to those alone who fell back", async () => {
    const routes = { green: [{ afterMs: 10, answer: 200 }] };
    const { call, clock, network } = client(routes, { retry: false, singleFlight: true });
    const fallen = [call(), call()];
    await clock.advance(5);
    const direct = call({ TargetVariant: "green" });
    await clock.advance(5);
    expect(network.counts).toMatchObject({ churn: 1, green: 1 });
    for (const { output } of await Promise.all(fallen)) {
      expect(output?.$metadata).toMatchObject({ attempts: 2, fallback: { name: "green" } });
    }
    expect((await direct).output?.$metadata).not.toHaveProperty("fallback");
  });
});

describe("fallback and metrics", () => {
  it("has all of its series, from zero on, before anything is lost", async () => {
    const { call, registry } = client({ churn: [200] });
    await call();
    const text = await registry.metrics();
    expect(text).toContain(
      'sagemaker_client_fallbacks_total{endpoint="churn",alternative="variant",reason="circuit_open",result="ok"} 0',
    );
    expect(text).not.toContain('alternative="constant"');
  });

  it("counts each alternative that was asked, and what became of it", async () => {
    const fallback: FallbackOptions = { alternatives: [{ variant: "green" }, { answer: { Body: "0.5" } }] };
    const { call, metric } = client({ green: [500] }, { fallback, retry: false });
    await call();
    const labels = { endpoint: "churn", reason: "server_error" };
    expect(await metric("fallbacks_total", { ...labels, alternative: "variant", result: "error" })).toBe(1);
    expect(await metric("fallbacks_total", { ...labels, alternative: "constant", result: "ok" })).toBe(1);
    expect(await metric("fallbacks_total", {})).toBe(2);
    expect(await metric("requests_total", { outcome: "ok", variant: "_none" })).toBe(1);
    expect(await metric("requests_total", {})).toBe(1);
  });

  it("counts attempts for the endpoint that they went to, and the call for the one that was asked", async () => {
    const fallback: FallbackOptions = { alternatives: [{ endpoint: "small" }] };
    const { call, metric } = client({ small: [200] }, { fallback, retry: false });
    await call();
    expect(await metric("attempts_total", { endpoint: "small", kind: "fallback", outcome: "ok" })).toBe(1);
    expect(await metric("requests_total", { endpoint: "small" })).toBe(0);
    expect(await metric("requests_total", { endpoint: "churn", variant: "_none", outcome: "ok" })).toBe(1);
    expect(await metric("attempts_in_flight", {})).toBe(0);
    expect(await metric("requests_in_flight", {})).toBe(0);
  });
});
