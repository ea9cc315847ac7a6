import { describe, expect, it } from "vitest";
import { Buckets } from "../../lib/metrics/buckets.ts";
import { Histogram } from "../../lib/metrics/histogram.ts";
import type { Sample } from "../../lib/metrics/sample.ts";

function histogram(): Histogram {
  return new Histogram(new Buckets([0.1, 1, 10]), { endpoint: "churn" });
}

function linesOf(one: Histogram): Record<string, number> {
  const samples: Sample[] = [];
  one.addSamples("x", samples);
  return Object.fromEntries(
    samples.map(({ metricName, labels, value }) => [`${metricName} ${labels.le ?? ""}`, value]),
  );
}

describe("Histogram", () => {
  it("counts a value in its bucket and in every larger one", () => {
    const one = histogram();
    for (const value of [0.05, 0.5, 5, 50]) one.observe(value);
    expect(linesOf(one)).toEqual({
      "x_bucket 0.1": 1,
      "x_bucket 1.0": 2,
      "x_bucket 10.0": 3,
      "x_bucket +Inf": 4,
      "x_sum ": 55.55,
      "x_count ": 4,
    });
  });

  it("counts a value on a bound in that bound's bucket", () => {
    const one = histogram();
    one.observe(1);
    expect(linesOf(one)).toMatchObject({ "x_bucket 0.1": 0, "x_bucket 1.0": 1 });
  });

  it("has no lines before its first value, and none after it was cleared", () => {
    const one = histogram();
    expect(linesOf(one)).toEqual({});
    one.observe(1);
    one.clear();
    expect(linesOf(one)).toEqual({});
    one.observe(2);
    expect(linesOf(one)).toMatchObject({ "x_sum ": 2, "x_count ": 1 });
  });
});
