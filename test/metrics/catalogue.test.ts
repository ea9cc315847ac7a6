import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { BUCKET_PRESETS } from "../../lib/metrics/buckets.ts";
import { METRICS } from "../../lib/metrics/catalogue.ts";
import { familiesOf } from "../../lib/metrics/families/families.ts";
import { LABELS } from "../../lib/metrics/labels.ts";
import { MetricsStorage } from "../../lib/metrics/storage.ts";
import { renderMetricsTables } from "../support/metrics-table.ts";

const specs = Object.values(METRICS);

describe("the metric catalogue", () => {
  it("has a family behind each metric, in its order", () => {
    const storage = new MetricsStorage({
      buckets: BUCKET_PRESETS.latency,
      variantHistograms: true,
      maxEndpoints: 1,
      maxVariants: 1,
    });
    expect(familiesOf(storage).map(({ spec }) => spec.name)).toEqual(specs.map(({ name }) => name));
  });

  it("names every counter _total and nothing else", () => {
    for (const { name, type } of specs) expect(name.endsWith("_total"), name).toBe(type === "counter");
  });

  it("explains every label", () => {
    const used = new Set(specs.flatMap(({ labels }) => [...labels]));
    expect([...used].sort()).toEqual(Object.keys(LABELS).sort());
  });

  it("is what the README shows between its marks", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const [, shown] = /<!-- metrics:start -->\n([\s\S]*?)<!-- metrics:end -->/.exec(readme) ?? [];
    expect(shown?.trim()).toBe(renderMetricsTables().trim());
  });
});
