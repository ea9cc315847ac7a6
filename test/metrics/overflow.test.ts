import { beforeEach, describe, expect, it } from "vitest";
import { METRICS } from "../../lib/metrics/catalogue.ts";
import { testBreaker } from "../support/breakers.ts";
import { testLimiter } from "../support/limiters.ts";
import { MetricsHarness } from "../support/metrics-harness.ts";
import { splitOf } from "../support/splits.ts";

const VARIANTS = ["blue", "green", "red"];
/** Ordered so that the first endpoint, and the first variant of each, is let in. */
const TARGETS = ["churn", "fraud", "search"].flatMap((EndpointName) =>
  VARIANTS.map((TargetVariant) => ({ EndpointName, TargetVariant })),
);

/** Shown of endpoints that were let in alone: what several splits do does not add up to anything. */
const OF_SPLITS: readonly string[] = [METRICS.splitShare, METRICS.ejections, METRICS.ejectionsSuppressed].map(
  ({ name }) => name,
);

let metrics: MetricsHarness;

beforeEach(async () => {
  metrics = new MetricsHarness({ maxEndpoints: 1, maxVariants: 1 });
  const { recorder } = metrics;
  for (const target of TARGETS) await recordEverything(target);
  for (const endpoint of ["churn", "fraud"]) {
    recorder.splitBegan(splitOf({ [endpoint]: { blue: 2, green: 1, red: 1 } }));
    recorder.splitBegan(splitOf({ [endpoint]: { blue: 1, green: 3 } }));
  }
});

async function recordEverything(target: (typeof TARGETS)[number]): Promise<void> {
  const { recorder } = metrics;
  const variant = target.TargetVariant;
  await metrics.run("ok", { variant }, 10, target);
  const call = metrics.startCall(target);
  call.deadlineAt = call.startedAt + 100;
  const failed = metrics.startAttempt(call);
  metrics.endAttempt(failed, "server_error", { variant });
  recorder.retried(call, failed, 50);
  recorder.retrySuppressed(call, "attempts");
  recorder.hedged(call, "won");
  recorder.hedgeSuppressed(call, "load");
  recorder.fellBack(call, "constant", "timeout", "ok");
  recorder.ejected(call, variant, true);
  recorder.ejected(call, variant, false);
  recorder.queued(call, 50);
  recorder.queueRejected(call, "full");
  recorder.breakerCreated(testBreaker({}, target).breaker);
  recorder.limiterCreated(testLimiter(1, {}, target).limiter);
  recorder.callEnded(call, "ok", failed);
}

describe("metrics with more endpoints and variants than they let in", () => {
  it("have each series once, those of what is beyond the limits too", async () => {
    const scrape = await metrics.scrape();
    const ofEndpoints = Object.values(METRICS).filter(({ labels }) =>
      (labels as readonly string[]).includes("endpoint"),
    );
    for (const { name, type } of ofEndpoints) {
      const endpoints = scrape.labelValues(type === "histogram" ? `${name}_count` : name, "endpoint");
      expect([...endpoints], name).toEqual(OF_SPLITS.includes(name) ? ["churn"] : ["churn", "_other"]);
    }
  });

  it("count nothing at a scrape", async () => {
    const first = await metrics.registry.metrics();
    await metrics.registry.getMetricsAsJSON();
    expect(await metrics.registry.metrics()).toBe(first);
  });

  it("add up the shares of the variants beyond the limit", async () => {
    const scrape = await metrics.scrape();
    const share = (variant: string) => scrape.value(METRICS.splitShare.name, { endpoint: "churn", variant });
    expect(share("blue")).toBeCloseTo((1 / 2 + 1 / 4) / 2);
    expect(share("_other")).toBeCloseTo((1 / 2 + 3 / 4) / 2);
  });

  it("count all ejections beyond the limit in one series each", async () => {
    const scrape = await metrics.scrape();
    for (const { name } of [METRICS.ejections, METRICS.ejectionsSuppressed]) {
      expect(scrape.value(name, { endpoint: "churn", variant: "blue" })).toBe(1);
      expect(scrape.value(name, { endpoint: "churn", variant: "_other" })).toBe(2);
    }
  });
});
