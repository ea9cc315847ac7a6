import { describe, expect, it } from "vitest";
import { lookedAt } from "../support/fleet-views.ts";
import { MetricsHarness } from "../support/metrics-harness.ts";

const UP = "sagemaker_client_breaker_store_up";
const ERRORS = "sagemaker_client_breaker_store_errors_total";

describe("the metrics of breaker stores", () => {
  it("are up only while the stores of all clients answer", async () => {
    const metrics = new MetricsHarness();
    const [up, down] = [await lookedAt("up"), await lookedAt("down")];
    metrics.recorder.breakerStoreAdded(up.view);
    expect((await metrics.scrape()).value(UP)).toBe(1);
    metrics.recorder.breakerStoreAdded(down.view);
    expect((await metrics.scrape()).value(UP)).toBe(0);
    metrics.recorder.breakerStoreRemoved(down.view);
    expect((await metrics.scrape()).value(UP)).toBe(1);
  });

  it("count errors from when the store is known, and keep them when its client is gone", async () => {
    const metrics = new MetricsHarness();
    const { view, clock } = await lookedAt("down");
    metrics.recorder.breakerStoreAdded(view);
    const errors = async () => (await metrics.scrape()).value(ERRORS, { reason: "error" });
    expect(await errors()).toBe(0);
    await clock.advance(2_000);
    expect(await errors()).toBe(2);
    metrics.recorder.breakerStoreRemoved(view);
    metrics.recorder.breakerStoreRemoved(view);
    await clock.advance(2_000);
    expect(await errors()).toBe(2);
  });

  it("have a series for each reason from the start", async () => {
    const metrics = new MetricsHarness();
    metrics.recorder.breakerStoreAdded((await lookedAt("up")).view);
    expect([...(await metrics.scrape()).labelValues(ERRORS, "reason")]).toEqual([
      "error",
      "timeout",
      "malformed",
    ]);
  });
});
