import { describe, expect, it } from "vitest";
import type { LoadResult } from "../../lib/load/load-test.ts";
import { Measurement } from "../../lib/load/measurement.ts";
import { warnings } from "../../lib/load/warnings.ts";
import { endOf } from "../support/measurements.ts";

/** A measurement of `calls` calls, each started `lateMs` late and answered within 50 ms of its start. */
function measured(calls: number, lateMs: (index: number) => number = () => 0.5): Measurement {
  const measurement = new Measurement();
  for (let i = 0; i < calls; i++) {
    measurement.started(lateMs(i));
    measurement.record(endOf(50), lateMs(i) + 50);
  }
  return measurement;
}

const resultOf = (...totals: Measurement[]): LoadResult => ({
  arms: totals.map((total) => ({
    total,
    slices: [total],
    peakInFlight: 1,
    successesPerSecond: 10,
    inFlightGrowthPerSecond: 0,
  })),
  unmeasured: 0,
  due: 100,
  scheduled: 100,
});

describe("a report warns", () => {
  it("of nothing in an ordinary run", () => {
    expect(warnings(resultOf(measured(1_000)), ["default options"])).toEqual([]);
  });

  it("of a run that was stopped", () => {
    expect(warnings({ ...resultOf(measured(90)), due: 90 }, ["default options"])).toEqual([
      "Stopped early: 90 of 100 calls were due by then.",
    ]);
  });

  it("of calls that were not sent", () => {
    const measurement = measured(100);
    measurement.notSent = 12;
    expect(warnings(resultOf(measurement), ["default options"])).toEqual([
      expect.stringMatching(
        /^12 calls were not sent because --max-in-flight was reached\. They are in no per/,
      ),
    ]);
  });

  it("of calls that were given up", () => {
    const measurement = measured(100);
    measurement.started(0);
    expect(warnings(resultOf(measurement), ["default options"])).toEqual([
      expect.stringMatching(/^1 call was given up in flight\./),
    ]);
  });

  it("of a pause of this process that the mean hides", () => {
    // 0.6 s without a call, at 20 calls per second for 20 s.
    const paused = measured(400, (index) => (index < 12 ? 600 - index * 50 : 0.1));
    expect(warnings(resultOf(paused), ["default options"])).toEqual([
      expect.stringMatching(
        /^This process was held up and started calls late: by 4\d\d ms at p99, where the latency is [45]\d\d ms\./,
      ),
    ]);
  });

  it("of no lateness that is a small part of the latency, nor of a single call", () => {
    const slow = new Measurement();
    for (let i = 0; i < 1_000; i++) {
      slow.started(i < 20 ? 30 : 0.5);
      slow.record(endOf(500), 500);
    }
    expect(warnings(resultOf(slow), ["default options"])).toEqual([]);
    const once = measured(90, (index) => (index === 0 ? 300 : 0.5));
    expect(warnings(resultOf(once), ["default options"])).toEqual([]);
  });

  it("of each configuration by its name where two are compared", () => {
    const [a, b] = [measured(100, () => 25), measured(100)];
    b.notSent = 3;
    expect(warnings(resultOf(a, b), ["a.json", "b.json"])).toEqual([
      expect.stringMatching(/^This process started calls of a\.json 25\.\d ms late on average/),
      expect.stringMatching(/^3 calls of b\.json were not sent because/),
    ]);
  });
});
