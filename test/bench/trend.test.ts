import { describe, expect, it } from "vitest";
import { blockMedians, type Point, trendOf } from "../../bench/trend.ts";

/** Twelve points around a line, off it by a fixed pattern of noise. */
const around = (slope: number, noise: number): Point[] =>
  [3, -2, 1, -3, 2, -1, 1, -2, 3, -3, 2, -1].map((off, x) => [x, slope * x + off * noise]);

describe("a trend", () => {
  it("is the slope of a line, exactly", () => {
    expect(trendOf(around(5, 0))).toEqual({ slope: 5, lower: 5, upper: 5 });
  });

  it("has an interval around it that noise widens, and that holds the true slope", () => {
    const { lower, slope, upper } = trendOf(around(5, 1))!;
    expect(lower).toBeLessThan(5);
    expect(upper).toBeGreaterThan(5);
    expect(slope).toBeGreaterThan(lower);
    expect(slope).toBeLessThan(upper);
    const noisier = trendOf(around(5, 4))!;
    expect(noisier.upper - noisier.lower).toBeGreaterThan(upper - lower);
  });

  it("tells growth from noise: the whole interval is above zero for one, and not for the other", () => {
    expect(trendOf(around(2, 1))!.lower).toBeGreaterThan(0);
    expect(trendOf(around(0, 1))!.lower).toBeLessThan(0);
    expect(trendOf(around(0, 1))!.upper).toBeGreaterThan(0);
  });

  it("is not moved by one wild point", () => {
    const points = around(1, 0).map(([x, y], index): Point => [x, index === 6 ? 1_000 : y]);
    expect(trendOf(points)!.slope).toBe(1);
  });

  it("is unknown for fewer points than an interval needs", () => {
    expect(trendOf(around(1, 0).slice(0, 5))).toBeUndefined();
  });
});

describe("medians of blocks", () => {
  it("stand for as many points each, in their order", () => {
    const points = [1, 9, 2, 5, 5, 6].map((y, x): Point => [x, y]);
    expect(blockMedians(points, 2)).toEqual([
      [1, 2],
      [4, 5],
    ]);
  });

  it("are none where there are fewer points than blocks", () => {
    expect(blockMedians([[1, 1]], 2)).toEqual([]);
  });
});
