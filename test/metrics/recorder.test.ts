import { describe, expect, it } from "vitest";
import { MetricsHarness } from "../support/metrics-harness.ts";

const REQUESTS = "sagemaker_client_requests_total";
const ATTEMPTS = "sagemaker_client_attempts_total";
const RETRIES = "sagemaker_client_retries_total";
const REQUEST_SECONDS = "sagemaker_client_request_duration_seconds";
const ATTEMPT_SECONDS = "sagemaker_client_attempt_duration_seconds";
const DEADLINE_USED = "sagemaker_client_deadline_used_ratio";

describe("a call", () => {
  it("is counted once, under the variant of the attempt that decided it", async () => {
    const metrics = new MetricsHarness();
    const call = metrics.startCall();
    const first = metrics.startAttempt(call);
    await metrics.clock.advance(20);
    metrics.endAttempt(first, "server_error", { variant: "blue" });
    await metrics.clock.advance(50);
    metrics.recorder.retried(call, first, 50);
    const second = metrics.startAttempt(call, "retry");
    await metrics.clock.advance(30);
    metrics.endAttempt(second, "ok", { variant: "green" });
    metrics.recorder.callEnded(call, "ok", second);

    const scrape = await metrics.scrape();
    expect(scrape.sum(REQUESTS)).toBe(1);
    expect(scrape.value(REQUESTS, { variant: "green", outcome: "ok" })).toBe(1);
    expect(scrape.value(ATTEMPTS, { variant: "blue", outcome: "server_error", kind: "first" })).toBe(1);
    expect(scrape.value(ATTEMPTS, { variant: "green", outcome: "ok", kind: "retry" })).toBe(1);
    expect(scrape.value(RETRIES, { variant: "blue", reason: "server_error" })).toBe(1);
    expect(scrape.value("sagemaker_client_retry_backoff_seconds_total")).toBe(0.05);
    expect(scrape.value(`${REQUEST_SECONDS}_sum`, { variant: "green", status: "ok" })).toBe(0.1);
    expect(scrape.value(`${ATTEMPT_SECONDS}_sum`, { variant: "blue", status: "error" })).toBe(0.02);
    expect(scrape.value(`${ATTEMPT_SECONDS}_sum`, { variant: "green", status: "ok" })).toBe(0.03);
  });

  it("that was refused before anything was sent belongs to no variant", async () => {
    const metrics = new MetricsHarness();
    const call = metrics.startCall({ EndpointName: "churn", TargetVariant: "blue" });
    metrics.recorder.callEnded(call, "invalid_request", undefined);
    const scrape = await metrics.scrape();
    expect(scrape.value(REQUESTS, { variant: "_none", outcome: "invalid_request" })).toBe(1);
  });

  it("that its caller cancelled is counted, and its duration is not", async () => {
    const metrics = new MetricsHarness();
    await metrics.run("cancelled", { variant: "blue" });
    const scrape = await metrics.scrape();
    expect(scrape.value(REQUESTS, { outcome: "cancelled" })).toBe(1);
    expect(scrape.value(ATTEMPTS, { outcome: "cancelled" })).toBe(1);
    expect(scrape.all(`${REQUEST_SECONDS}_count`)).toEqual([]);
    expect(scrape.all(`${ATTEMPT_SECONDS}_count`)).toEqual([]);
  });

  it("says how much of its deadline it used, where it was answered and had one", async () => {
    const metrics = new MetricsHarness();
    for (const [outcome, deadlineAt] of [
      ["ok", 100],
      ["ok", Number.POSITIVE_INFINITY],
      ["timeout", 1_000],
    ] as const) {
      const call = metrics.startCall();
      call.deadlineAt = deadlineAt;
      await metrics.clock.advance(75);
      metrics.recorder.callEnded(call, outcome, undefined);
    }
    const scrape = await metrics.scrape();
    expect(scrape.value(`${DEADLINE_USED}_count`)).toBe(1);
    expect(scrape.value(`${DEADLINE_USED}_bucket`, { le: "0.7" })).toBe(0);
    expect(scrape.value(`${DEADLINE_USED}_bucket`, { le: "0.8" })).toBe(1);
  });

  it("with an endpoint that cannot be one is counted under _other", async () => {
    const metrics = new MetricsHarness();
    const call = metrics.startCall({ EndpointName: 'x"} 1\nmine{a="' });
    metrics.recorder.callEnded(call, "invalid_request", undefined);
    const scrape = await metrics.scrape();
    expect(scrape.value(REQUESTS, { endpoint: "_other", outcome: "invalid_request" })).toBe(1);
    expect(scrape.value("sagemaker_client_label_overflow_total", { label: "endpoint" })).toBe(1);
  });

  it("tells why a failed attempt was not tried again", async () => {
    const metrics = new MetricsHarness();
    metrics.recorder.retrySuppressed(metrics.startCall(), "budget");
    const scrape = await metrics.scrape();
    expect(scrape.value("sagemaker_client_retries_suppressed_total", { reason: "budget" })).toBe(1);
    expect(scrape.sum("sagemaker_client_retries_suppressed_total")).toBe(1);
  });
});

describe("gauges of what is in flight", () => {
  const CALLS = "sagemaker_client_requests_in_flight";
  const TRIES = "sagemaker_client_attempts_in_flight";

  it("count calls and attempts, hedges included, while they run", async () => {
    const metrics = new MetricsHarness();
    const call = metrics.startCall();
    const first = metrics.startAttempt(call);
    metrics.startAttempt(call, "hedge");
    let scrape = await metrics.scrape();
    expect([scrape.value(CALLS), scrape.value(TRIES)]).toEqual([1, 2]);
    metrics.endAttempt(first, "ok");
    metrics.recorder.callEnded(call, "ok", first);
    scrape = await metrics.scrape();
    expect([scrape.value(CALLS), scrape.value(TRIES)]).toEqual([0, 1]);
  });

  it("never go below zero", async () => {
    const metrics = new MetricsHarness();
    const call = metrics.startCall();
    metrics.recorder.callEnded(call, "ok", undefined);
    metrics.recorder.callEnded(call, "ok", undefined);
    expect((await metrics.scrape()).value(CALLS)).toBe(0);
  });
});

describe("series", () => {
  it("of the outcomes that alerts watch begin at zero, as soon as an endpoint and a variant are seen", async () => {
    const metrics = new MetricsHarness();
    metrics.startCall();
    const watched = ["ok", "server_error", "throttled", "timeout"];
    let scrape = await metrics.scrape();
    expect([...scrape.labelValues(REQUESTS, "outcome")].sort()).toEqual(watched);
    expect([...scrape.labelValues(REQUESTS, "variant")]).toEqual(["_unknown"]);
    expect([...scrape.labelValues(ATTEMPTS, "kind")]).toEqual(["first"]);
    await metrics.run("ok", { variant: "blue" });
    scrape = await metrics.scrape();
    const ofBlue = scrape.all(REQUESTS, { variant: "blue" }).map(({ labels }) => labels.outcome);
    expect(ofBlue.sort()).toEqual(watched);
  });

  it("stay few: about four hundred for an endpoint with three variants", async () => {
    const metrics = new MetricsHarness();
    for (const variant of ["a", "b", "c", undefined]) {
      for (const outcome of ["ok", "server_error"] as const) {
        await metrics.run(outcome, variant === undefined ? {} : { variant });
      }
    }
    expect((await metrics.scrape()).series.length).toBeLessThan(450);
  });

  it("are a third of that with one histogram for all variants, which has the same observations", async () => {
    const metrics = new MetricsHarness({ variantHistograms: false });
    for (const variant of ["a", "b", "c"]) {
      await metrics.run("ok", { variant });
      await metrics.run("server_error", { variant });
    }
    const scrape = await metrics.scrape();
    expect(scrape.series.length).toBeLessThan(180);
    expect(scrape.value(`${REQUEST_SECONDS}_count`, { variant: "_any", status: "ok" })).toBe(3);
    expect(scrape.value(`${ATTEMPT_SECONDS}_count`, { variant: "_any", status: "error" })).toBe(3);
    expect(scrape.value(REQUESTS, { variant: "b", outcome: "server_error" })).toBe(1);
  });

  it("name the version of the package and of Node", async () => {
    const scrape = await new MetricsHarness().scrape();
    const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
    const labels = { version: manifest.version, node: process.versions.node };
    expect(scrape.value("sagemaker_client_build_info", labels)).toBe(1);
  });
});
