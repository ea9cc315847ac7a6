import { describe, expect, it } from "vitest";
import type { LoadResult } from "../../lib/load/load-test.ts";
import { Measurement } from "../../lib/load/measurement.ts";
import { axisRange, plotByNines } from "../../lib/load/plot.ts";
import { reportLines } from "../../lib/load/report.ts";
import { resultJson } from "../../lib/load/results.ts";
import { endOf, optionsOf } from "../support/measurements.ts";

/** A thousand calls of 1 to 1,000 ms; each hundredth fails, and variant `b` answers each fourth. */
function thousandCalls(factor = 1): Measurement {
  const measurement = new Measurement();
  measurement.elapsedMs = 10_000;
  for (let i = 1; i <= 1_000; i++) {
    const outcome = i % 100 === 0 ? "model_error" : "ok";
    const error = outcome === "ok" ? undefined : "ModelError";
    const durationMs = i * factor;
    measurement.started(0.5);
    measurement.record(
      { ...endOf(durationMs, outcome), variant: i % 4 === 0 ? "b" : "a", error },
      durationMs,
    );
  }
  return measurement;
}

const resultOf = (...arms: Measurement[]): LoadResult => ({
  arms: arms.map((slice) => {
    const total = new Measurement();
    for (let round = 0; round < 6; round++) total.add(slice);
    return {
      total,
      slices: Array.from({ length: 6 }, () => slice),
      peakInFlight: 7,
      successesPerSecond: 98.5,
      inFlightGrowthPerSecond: 0,
    };
  }),
  unmeasured: 3,
  due: 6_003,
  scheduled: 6_003,
});

/** Of both configurations, where there are two. */
const OPTIONS = [optionsOf(), optionsOf()];

const rowOf = (lines: readonly string[], start: RegExp) => lines.find((line) => start.test(line));

describe("the report", () => {
  const one = reportLines(resultOf(thousandCalls()), ["default options"], OPTIONS);

  it("counts calls, latencies by nines, outcomes with their errors, and variants", () => {
    expect(rowOf(one, /^default options .*6,000/)).toMatch(/ 6,000 {2}6,000 +5,940 +60 +0 +98\.5 +7$/);
    expect(rowOf(one, /^default options .*\(/)).toMatch(/ 499 {2}899 {2}990 {2}\(998\) {3}\(999\) {2}999$/);
    expect(rowOf(one, /^model_error/)).toMatch(/^model_error {2}ModelError 60 +60 +1\.00 %/);
    expect(rowOf(one, /^b /)).toMatch(/^b +1,500 {2}25\.00 % {2}4\.00 %/);
  });

  it("fits a terminal, and has no control codes", () => {
    const table = one.filter((line) => !/^ +-|^Of calls/.test(line));
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(one.join("\n")).not.toMatch(/[^\n\x20-\x7e\u2500-\u257f]/);
  });

  it("compares two configurations by ratios of the whole and of each round", () => {
    const two = reportLines(resultOf(thousandCalls(), thousandCalls(2)), ["a.json", "b.json"], OPTIONS);
    expect(rowOf(two, /^latency p50/)).toMatch(/^latency p50 \(ms\) +499 +998 +2\.00 +2\.00 - 2\.00$/);
    expect(rowOf(two, /^latency p99 /)).toMatch(/ 2\.00 +2\.00 - 2\.00$/);
    expect(rowOf(two, /^latency p99\.9 /)).toBeUndefined();
    expect(rowOf(two, /^succeeded/)).toMatch(/^succeeded \(% of due\) +99\.0 +99\.0 +1\.00 +1\.00 - 1\.00$/);
    expect(two.filter((line) => line.startsWith("Recommendation, "))).toEqual([
      "Recommendation, a.json",
      "Recommendation, b.json",
    ]);
  });

  it("ends with what makes its figures look better than they are", () => {
    const measurement = thousandCalls();
    measurement.notSent = 12;
    const lines = reportLines({ ...resultOf(measurement), due: 6_000 }, ["default options"], OPTIONS);
    expect(lines.slice(-3)).toEqual([
      "Stopped early: 6,000 of 6,003 calls were due by then.",
      expect.stringMatching(/^72 calls were not sent because --max-in-flight was reached\./),
      "",
    ]);
  });

  it("is whole for a run without a single call", () => {
    const lines = reportLines({ ...resultOf(new Measurement()), due: 0 }, ["default options"], OPTIONS);
    expect(rowOf(lines, /^default options/)).toMatch(/ 0 +0 +0 +0 +0 +- +7$/);
    expect(lines.join("\n")).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe("the plot by nines", () => {
  it("has an axis in ms on the left, and a mark under each nine that there are values for", () => {
    const { latency } = thousandCalls();
    const lines = plotByNines(latency, axisRange([latency]));
    expect(lines).toHaveLength(13);
    expect(lines[0]).toMatch(/^ +999 ms ┤/);
    expect(lines[10]).toMatch(/^ +1\.\d\d ms ┤/);
    expect(new Set(lines.slice(0, 11).map((line) => line.search(/┤/)))).toEqual(new Set([11]));
    expect(lines.at(-1)?.trim().split(/ +/)).toEqual(["p50", "p90", "p99"]);
    // p90 is at the fifteenth column right of the axis.
    expect(lines.at(-2)?.[11 + 15]).toBe("|");
  });

  it("is a line also where all values are the same, and nothing without values", () => {
    const measurement = new Measurement();
    expect(plotByNines(measurement.latency, axisRange([measurement.latency]))).toEqual([]);
    for (let i = 0; i < 20; i++) measurement.latency.record(5);
    const lines = plotByNines(measurement.latency, axisRange([measurement.latency]));
    expect(lines.filter((line) => line.includes("─"))).toHaveLength(1);
    expect(lines.join("\n")).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe("the results as JSON", () => {
  it("have what the report has, slices and a curve of each histogram included", () => {
    const json = JSON.parse(
      JSON.stringify(resultJson(resultOf(thousandCalls(), thousandCalls(2)), ["a.json", "b.json"], OPTIONS)),
    );
    expect(json).toMatchObject({
      scheduledCalls: 6_003,
      dueCalls: 6_003,
      unmeasuredCalls: 3,
    });
    const [base] = json.configurations;
    expect(base).toMatchObject({
      name: "a.json",
      peakInFlight: 7,
      sentCalls: 6_000,
      succeededCalls: 5_940,
      notSentCalls: 0,
    });
    expect(base.slices).toHaveLength(6);
    expect(base.latencyMs.curve[10]).toEqual([0.9, base.latencyMs.p90]);
    expect(base.outcomes.model_error.errors).toEqual({ ModelError: 60 });
    expect(base.variants.b).toMatchObject({ failedCalls: 60, latencyMs: { count: 1_440 } });
    expect(json.comparison.map(({ name }: { name: string }) => name)).toContain("latency p99 (ms)");
  });
});
