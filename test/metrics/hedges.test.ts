import { describe, expect, it } from "vitest";
import { MetricsHarness } from "../support/metrics-harness.ts";

const HEDGES = "sagemaker_client_hedges_total";
const SUPPRESSED = "sagemaker_client_hedges_suppressed_total";

describe("hedges", () => {
  it("have no series where nothing is hedged", async () => {
    const metrics = new MetricsHarness();
    await metrics.run("ok");
    const scrape = await metrics.scrape();
    expect([...scrape.all(HEDGES), ...scrape.all(SUPPRESSED)]).toEqual([]);
  });

  it("have all of their series, from zero on, as soon as the endpoint may be hedged", async () => {
    const metrics = new MetricsHarness();
    metrics.recorder.hedgingBegan(metrics.startCall());
    const scrape = await metrics.scrape();
    expect(scrape.all(HEDGES).map(({ labels, value }) => [labels.result, value])).toEqual([
      ["won", 0],
      ["lost", 0],
      ["failed", 0],
    ]);
    expect([...scrape.labelValues(SUPPRESSED, "reason")]).toEqual(["load", "budget", "overload", "deadline"]);
    expect(scrape.sum(SUPPRESSED)).toBe(0);
  });

  it("are counted by what became of them, and suppressed ones by what forbade them", async () => {
    const metrics = new MetricsHarness();
    const call = metrics.startCall();
    metrics.recorder.hedged(call, "won");
    metrics.recorder.hedged(call, "won");
    metrics.recorder.hedged(call, "failed");
    metrics.recorder.hedgeSuppressed(call, "budget");
    const scrape = await metrics.scrape();
    expect(scrape.value(HEDGES, { endpoint: "churn", result: "won" })).toBe(2);
    expect(scrape.value(HEDGES, { result: "failed" })).toBe(1);
    expect(scrape.value(SUPPRESSED, { endpoint: "churn", reason: "budget" })).toBe(1);
    expect(scrape.sum(SUPPRESSED)).toBe(1);
  });
});
