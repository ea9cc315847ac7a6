import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Schedule } from "../../lib/load/schedule.ts";
import { ROUNDS, Slices } from "../../lib/load/slices.ts";

const shapes = fc.record({
  ratePerSecond: fc.double({ min: 10, max: 1_000, noNaN: true }),
  rampMs: fc.integer({ min: 0, max: 2_000 }),
  warmUpMs: fc.integer({ min: 0, max: 2_000 }),
  durationMs: fc.integer({ min: 1_000, max: 5_000 }),
});

describe("the slices of a comparison", () => {
  it("give each configuration one slice per round, and calls that differ by one per slice at the most", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const schedule = new Schedule(shape);
        const slices = new Slices(schedule, 2);
        const armsOfRound = Array.from({ length: ROUNDS }, () => new Set<number>());
        for (let slice = 0; slice < slices.count; slice++) {
          armsOfRound[slices.roundOf(slice)]!.add(slices.armOfSlice(slice));
        }
        expect(armsOfRound.map(({ size }) => size)).toEqual(Array.from({ length: ROUNDS }, () => 2));
        const calls = [0, 0];
        for (let index = schedule.firstMeasured; index < schedule.calls; index++) {
          calls[slices.armOfCall(index)]! += 1;
        }
        expect(Math.abs(calls[0]! - calls[1]!)).toBeLessThanOrEqual(slices.count);
      }),
    );
  });

  it("have passed for as long as the run has, whenever it was stopped", () => {
    fc.assert(
      fc.property(shapes, fc.double({ min: 0, max: 12_000, noNaN: true }), (shape, ranMs) => {
        const schedule = new Schedule(shape);
        const slices = new Slices(schedule, 2);
        let elapsedMs = 0;
        for (let slice = 0; slice < slices.count; slice++) elapsedMs += slices.elapsedMs(slice, ranMs);
        const expected = Math.min(Math.max(ranMs - schedule.measuredFromMs, 0), shape.durationMs);
        expect(elapsedMs).toBeCloseTo(expected, 6);
      }),
    );
  });

  it("say which configuration no measured call falls to: none with a call for each slice", () => {
    const low = fc.record({
      ratePerSecond: fc.double({ min: 0.01, max: 10, noNaN: true }),
      rampMs: fc.integer({ min: 0, max: 2_000 }),
      warmUpMs: fc.integer({ min: 0, max: 2_000 }),
      durationMs: fc.integer({ min: 100, max: 5_000 }),
    });
    fc.assert(
      fc.property(low, fc.constantFrom(1, 2), (shape, arms) => {
        const schedule = new Schedule(shape);
        const slices = new Slices(schedule, arms);
        const idle = new Set(Array.from({ length: arms }, (_, arm) => arm));
        for (let index = schedule.firstMeasured; index < schedule.calls; index++) {
          idle.delete(slices.armOfCall(index));
        }
        expect(slices.idleArms()).toEqual([...idle]);
        const enough = { ...shape, ratePerSecond: (slices.count / shape.durationMs) * 1_000 + 0.001 };
        expect(new Slices(new Schedule(enough), arms).idleArms()).toEqual([]);
      }),
    );
  });

  it("are warmed up together: before measuring, the two take turns call by call", () => {
    const schedule = new Schedule({ ratePerSecond: 100, rampMs: 0, warmUpMs: 100, durationMs: 1_200 });
    const slices = new Slices(schedule, 2);
    expect(Array.from({ length: 12 }, (_, index) => slices.armOfCall(index))).toEqual([
      0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0,
    ]);
  });
});
