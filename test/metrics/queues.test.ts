import { describe, expect, it } from "vitest";
import type { CallSettings } from "../../lib/call.ts";
import { ConcurrencyLimiter } from "../../lib/resilience/limiter/concurrency-limiter.ts";
import { resolveLimiter } from "../../lib/resilience/limiter/limiter-settings.ts";
import { targetOf } from "../../lib/target.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { testLimiter } from "../support/limiters.ts";
import { MetricsHarness } from "../support/metrics-harness.ts";

const LIMIT = "sagemaker_client_concurrency_limit";
const PACING = "sagemaker_client_concurrency_pacing";
const DEPTH = "sagemaker_client_queue_depth";
const WAIT = "sagemaker_client_queue_wait_seconds";
const REJECTIONS = "sagemaker_client_queue_rejections_total";

describe("queue metrics", () => {
  it("show limit and queue of an endpoint as they are at the scrape, all targets together", async () => {
    const metrics = new MetricsHarness();
    const [whole, model] = [testLimiter(3), testLimiter(5, {}, { EndpointName: "churn", TargetModel: "m" })];
    const other = testLimiter(7, {}, { EndpointName: "fraud" });
    for (const { limiter } of [whole, model, other]) metrics.recorder.limiterCreated(limiter);
    for (let i = 0; i < 3; i++) whole.hold();
    whole.wait();
    const scrape = await metrics.scrape();
    expect(scrape.value(LIMIT, { endpoint: "churn" })).toBe(8);
    expect(scrape.value(DEPTH, { endpoint: "churn" })).toBe(1);
    expect(scrape.value(LIMIT, { endpoint: "fraud" })).toBe(7);
    expect(scrape.value(DEPTH, { endpoint: "fraud" })).toBe(0);
    whole.giveBack();
    expect((await metrics.scrape()).value(DEPTH, { endpoint: "churn" })).toBe(0);
  });

  it("say of how many targets the starts are spaced, because nothing was answered", async () => {
    const metrics = new MetricsHarness();
    const clock = new FakeClock();
    const limiter = new ConcurrencyLimiter(targetOf({ EndpointName: "churn" }), resolveLimiter({}, clock));
    metrics.recorder.limiterCreated(limiter);
    expect((await metrics.scrape()).value(PACING, { endpoint: "churn" })).toBe(0);
    for (let attempt = 0; attempt < 2; attempt++) limiter.tryAcquire(undefined);
    for (let attempt = 0; attempt < 2; attempt++) limiter.release(1, undefined, 0, "silent", 0);
    expect((await metrics.scrape()).value(PACING, { endpoint: "churn" })).toBe(1);
  });

  it("count rejections by reason and class, from 0 on", async () => {
    const metrics = new MetricsHarness();
    metrics.recorder.limiterCreated(testLimiter(1).limiter);
    let scrape = await metrics.scrape();
    expect(scrape.all(REJECTIONS).length).toBe(9);
    expect(scrape.sum(REJECTIONS)).toBe(0);
    const call = metrics.startCall();
    const settings: CallSettings = { ...call.settings, priority: "critical" };
    metrics.recorder.queueRejected(call, "timeout");
    metrics.recorder.queueRejected(Object.assign(call, { settings }), "shed");
    scrape = await metrics.scrape();
    expect(scrape.value(REJECTIONS, { reason: "timeout", priority: "standard" })).toBe(1);
    expect(scrape.value(REJECTIONS, { reason: "shed", priority: "critical" })).toBe(1);
    expect(scrape.sum(REJECTIONS)).toBe(2);
  });

  it("show how long attempts waited", async () => {
    const metrics = new MetricsHarness();
    metrics.recorder.queued(metrics.startCall(), 1_500);
    const scrape = await metrics.scrape();
    expect(scrape.value(`${WAIT}_sum`, { endpoint: "churn" })).toBe(1.5);
    expect(scrape.value(`${WAIT}_bucket`, { endpoint: "churn", le: "1.0" })).toBe(0);
    expect(scrape.value(`${WAIT}_bucket`, { endpoint: "churn", le: "2.5" })).toBe(1);
  });

  it("have no series without a limit", async () => {
    const metrics = new MetricsHarness();
    await metrics.run("ok");
    const scrape = await metrics.scrape();
    for (const name of [LIMIT, DEPTH, REJECTIONS]) expect(scrape.all(name)).toEqual([]);
  });

  it("keep the rejections of a limiter that was removed, but not what it was", async () => {
    const metrics = new MetricsHarness();
    const { limiter } = testLimiter(3);
    metrics.recorder.limiterCreated(limiter);
    metrics.recorder.queueRejected(metrics.startCall(), "full");
    metrics.recorder.limiterRemoved(limiter);
    const scrape = await metrics.scrape();
    for (const name of [LIMIT, PACING, DEPTH]) expect(scrape.all(name)).toEqual([]);
    expect(scrape.value(REJECTIONS, { reason: "full", priority: "standard" })).toBe(1);
  });

  it("follow a limiter whose endpoint was removed and is called again, or gets the room", async () => {
    const metrics = new MetricsHarness({ maxEndpoints: 1 });
    const { limiter } = testLimiter(3);
    metrics.recorder.limiterCreated(limiter);
    metrics.startCall();
    metrics.recorder.removeEndpoint("churn");
    expect((await metrics.scrape()).all(LIMIT)).toEqual([]);
    metrics.startCall();
    expect((await metrics.scrape()).value(LIMIT, { endpoint: "churn" })).toBe(3);
    const stray = testLimiter(5, {}, { EndpointName: "fraud" });
    metrics.recorder.limiterCreated(stray.limiter);
    expect((await metrics.scrape()).value(LIMIT, { endpoint: "_other" })).toBe(5);
  });

  it("do not show what calls say of themselves", async () => {
    const metrics = new MetricsHarness();
    metrics.recorder.limiterCreated(testLimiter(1).limiter);
    const call = metrics.startCall();
    const settings: CallSettings = { ...call.settings, fairnessKey: "customer-4711" };
    metrics.recorder.queueRejected(Object.assign(call, { settings }), "full");
    expect(await metrics.registry.metrics()).not.toContain("customer-4711");
  });
});
