import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LoadShape, Schedule } from "../../lib/load/schedule.ts";

const shapes = fc.record({
  ratePerSecond: fc.double({ min: 0.1, max: 5_000, noNaN: true }),
  rampMs: fc.integer({ min: 0, max: 10_000 }),
  warmUpMs: fc.integer({ min: 0, max: 10_000 }),
  durationMs: fc.integer({ min: 100, max: 20_000 }),
});

/** What rounding costs at the lowest rate. */
const CLOSE_MS = 0.02;

describe("the schedule", () => {
  it("is due at an even distance without a ramp", () => {
    const schedule = new Schedule({ ratePerSecond: 4, rampMs: 0, warmUpMs: 500, durationMs: 1_000 });
    expect([0, 1, 2, 3, 4, 5].map((index) => schedule.dueMs(index))).toEqual([
      0, 250, 500, 750, 1_000, 1_250,
    ]);
    expect([schedule.calls, schedule.firstMeasured]).toEqual([6, 2]);
  });

  it("sends half as many calls in a ramp as in the same time at the full rate, ever closer together", () => {
    const schedule = new Schedule({ ratePerSecond: 100, rampMs: 2_000, warmUpMs: 0, durationMs: 1_000 });
    expect([schedule.firstMeasured, schedule.calls]).toEqual([100, 200]);
    const gaps = Array.from({ length: 99 }, (_, i) => schedule.dueMs(i + 1) - schedule.dueMs(i));
    for (const [i, gap] of gaps.entries()) if (i > 0) expect(gap).toBeLessThan(gaps[i - 1]!);
    expect(gaps.at(-1)).toBeCloseTo(10, 0);
  });

  it("has rate x time calls: half of it for the ramp", () => {
    fc.assert(
      fc.property(shapes, (shape: LoadShape) => {
        const schedule = new Schedule(shape);
        const { ratePerSecond, rampMs, warmUpMs, durationMs } = shape;
        const expected = (ratePerSecond * (rampMs / 2 + warmUpMs + durationMs)) / 1_000;
        expect(schedule.calls).toBeGreaterThanOrEqual(expected - 1e-5);
        expect(schedule.calls).toBeLessThan(expected + 1 + 1e-5);
      }),
    );
  });

  it("never goes back, ends in time, and measures exactly what is due after the warm-up", () => {
    fc.assert(
      fc.property(shapes, fc.double({ min: 0, max: 1, noNaN: true }), (shape, share) => {
        const schedule = new Schedule(shape);
        const index = Math.floor(share * (schedule.calls - 1));
        const dueMs = schedule.dueMs(index);
        const nextDueMs = schedule.dueMs(index + 1);
        expect(nextDueMs).toBeGreaterThan(dueMs);
        expect(dueMs).toBeLessThan(schedule.endMs + CLOSE_MS);
        if (schedule.isMeasured(index)) expect(dueMs).toBeGreaterThan(schedule.measuredFromMs - CLOSE_MS);
        else expect(dueMs).toBeLessThan(schedule.measuredFromMs + CLOSE_MS);
        expect(schedule.dueBefore((dueMs + nextDueMs) / 2)).toBe(index + 1);
      }),
    );
  });
});
