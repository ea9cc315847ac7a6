import { describe, expect, it } from "vitest";
import { removeEndpointMetrics } from "../../lib/metrics/shared-storage.ts";
import { testBreaker } from "../support/breakers.ts";
import { MetricsHarness } from "../support/metrics-harness.ts";

const REQUESTS = "sagemaker_client_requests_total";
const IN_FLIGHT = "sagemaker_client_requests_in_flight";
const STATE = "sagemaker_client_breaker_state";
const TRANSITIONS = "sagemaker_client_breaker_transitions_total";

const BLUE = { EndpointName: "churn-blue" };
const GREEN = { EndpointName: "churn-green" };

describe("removing an endpoint", () => {
  it("ends all of its series and no others", async () => {
    const metrics = new MetricsHarness();
    await metrics.run("ok", {}, 10, BLUE);
    await metrics.run("ok", {}, 10, GREEN);
    expect(metrics.recorder.removeEndpoint("churn-blue")).toBe(true);
    const { series } = await metrics.scrape();
    const endpoints = new Set(series.map(({ labels }) => labels.endpoint));
    expect([...endpoints].sort()).toEqual(["churn-green", undefined]);
  });

  it("is done through the registry too", async () => {
    const metrics = new MetricsHarness();
    await metrics.run("ok", {}, 10, BLUE);
    expect(removeEndpointMetrics(metrics.registry, "churn-blue")).toBe(true);
    expect(removeEndpointMetrics(metrics.registry, "churn-blue")).toBe(false);
    expect(removeEndpointMetrics(new MetricsHarness().registry, "churn-blue")).toBe(false);
    expect((await metrics.scrape()).all(REQUESTS)).toEqual([]);
  });

  it("makes room for another name", async () => {
    const metrics = new MetricsHarness({ maxEndpoints: 1 });
    await metrics.run("ok", {}, 10, BLUE);
    metrics.recorder.removeEndpoint("churn-blue");
    await metrics.run("ok", {}, 10, GREEN);
    expect((await metrics.scrape()).value(REQUESTS, { endpoint: "churn-green", outcome: "ok" })).toBe(1);
  });

  it("lets what is in flight end unseen", async () => {
    const metrics = new MetricsHarness();
    const call = metrics.startCall(BLUE);
    const attempt = metrics.startAttempt(call);
    expect(metrics.recorder.removeEndpoint("churn-blue")).toBe(true);
    expect(metrics.recorder.removeEndpoint("churn-blue")).toBe(false);
    expect((await metrics.scrape()).all(IN_FLIGHT)).toEqual([]);
    metrics.endAttempt(attempt, "ok");
    metrics.recorder.callEnded(call, "ok", attempt);
    expect((await metrics.scrape()).all(REQUESTS)).toEqual([]);
  });

  it("frees the name once the last of it has ended", async () => {
    const metrics = new MetricsHarness({ maxEndpoints: 1 });
    const call = metrics.startCall(BLUE);
    metrics.recorder.removeEndpoint("churn-blue");
    metrics.recorder.callEnded(call, "ok", undefined);
    await metrics.run("ok", {}, 10, GREEN);
    expect((await metrics.scrape()).value(REQUESTS, { endpoint: "churn-green", outcome: "ok" })).toBe(1);
  });

  it("is undone by the next call, which sees the gauge of what still runs", async () => {
    const metrics = new MetricsHarness();
    await metrics.run("ok", { variant: "a" }, 10, BLUE);
    const old = metrics.startCall(BLUE);
    metrics.recorder.removeEndpoint("churn-blue");
    const next = metrics.startCall(BLUE);
    let scrape = await metrics.scrape();
    expect(scrape.value(IN_FLIGHT, { endpoint: "churn-blue" })).toBe(2);
    expect(scrape.sum(REQUESTS)).toBe(0);
    metrics.recorder.callEnded(old, "ok", undefined);
    metrics.recorder.callEnded(next, "ok", undefined);
    scrape = await metrics.scrape();
    expect(scrape.value(IN_FLIGHT, { endpoint: "churn-blue" })).toBe(0);
  });

  it("waits for attempts that outlast their call, such as hedges that lost", async () => {
    const metrics = new MetricsHarness();
    const call = metrics.startCall(BLUE);
    const attempt = metrics.startAttempt(call);
    metrics.recorder.removeEndpoint("churn-blue");
    metrics.recorder.callEnded(call, "ok", undefined);
    metrics.startCall(BLUE);
    expect((await metrics.scrape()).value("sagemaker_client_attempts_in_flight")).toBe(1);
    metrics.endAttempt(attempt, "cancelled");
    expect((await metrics.scrape()).value("sagemaker_client_attempts_in_flight")).toBe(0);
  });

  it("leaves a breaker to be shown when its endpoint is called again, with transitions from 0", async () => {
    const metrics = new MetricsHarness();
    const { breaker, trip } = testBreaker({}, BLUE);
    metrics.recorder.breakerCreated(breaker);
    trip();
    metrics.recorder.removeEndpoint("churn-blue");
    expect((await metrics.scrape()).all(STATE)).toEqual([]);
    metrics.startCall(BLUE);
    let scrape = await metrics.scrape();
    expect(scrape.value(STATE, { state: "open" })).toBe(1);
    expect(scrape.sum(TRANSITIONS)).toBe(0);
    breaker.reset();
    scrape = await metrics.scrape();
    expect(scrape.value(TRANSITIONS, { to: "closed" })).toBe(1);
  });

  it("moves a breaker out of _other when its endpoint gets the room", async () => {
    const metrics = new MetricsHarness({ maxEndpoints: 1 });
    await metrics.run("ok", {}, 10, GREEN);
    const { breaker } = testBreaker({}, BLUE);
    metrics.recorder.breakerCreated(breaker);
    expect((await metrics.scrape()).value(STATE, { endpoint: "_other", state: "closed" })).toBe(1);
    metrics.recorder.removeEndpoint("churn-green");
    metrics.startCall(BLUE);
    const scrape = await metrics.scrape();
    expect(scrape.value(STATE, { endpoint: "_other", state: "closed" })).toBe(0);
    expect(scrape.value(STATE, { endpoint: "churn-blue", state: "closed" })).toBe(1);
  });

  it("does not strand a call that began under _other", async () => {
    const metrics = new MetricsHarness({ maxEndpoints: 1 });
    await metrics.run("ok", {}, 10, GREEN);
    const stray = metrics.startCall(BLUE);
    metrics.recorder.removeEndpoint("churn-green");
    await metrics.run("ok", {}, 10, BLUE);
    metrics.recorder.callEnded(stray, "ok", undefined);
    const scrape = await metrics.scrape();
    expect(scrape.value(IN_FLIGHT, { endpoint: "_other" })).toBe(0);
    expect(scrape.value(IN_FLIGHT, { endpoint: "churn-blue" })).toBe(0);
    expect(scrape.sum(REQUESTS, { endpoint: "_other", outcome: "ok" })).toBe(1);
  });

  it("does not strand an attempt of a fork that began under _other", async () => {
    const metrics = new MetricsHarness({ maxEndpoints: 1 });
    await metrics.run("ok", {}, 10, GREEN);
    const call = metrics.startCall(BLUE);
    const fork = call.fork();
    const attempt = metrics.startAttempt(fork);
    metrics.recorder.removeEndpoint("churn-green");
    await metrics.run("ok", {}, 10, BLUE);
    metrics.endAttempt(attempt, "ok");
    metrics.recorder.callEnded(call, "ok", attempt);
    const scrape = await metrics.scrape();
    expect(scrape.sum("sagemaker_client_attempts_in_flight")).toBe(0);
    expect(scrape.sum("sagemaker_client_attempts_total", { endpoint: "_other", outcome: "ok" })).toBe(1);
  });
});
