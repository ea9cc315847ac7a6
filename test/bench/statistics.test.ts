import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatBeside,
  formatFigure,
  formatRatio,
  formatSummary,
  median,
  summarize,
} from "../../bench/statistics.ts";

describe("median", () => {
  it("is the middle value of an odd number of values, in any order", () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it("is the mean of the two middle values of an even number", () => {
    expect(median([10, 1, 3, 2])).toBe(2.5);
  });

  it("sorts by size, not by digits", () => {
    expect(median([100, 20, 3])).toBe(20);
  });

  it("refuses no values", () => {
    expect(() => median([])).toThrow(RangeError);
  });

  it("leaves as many values below as above, and the input as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1 }), (values) => {
        const before = [...values];
        const middle = median(values);
        expect(values).toEqual(before);
        expect(values.filter((value) => value < middle).length * 2).toBeLessThanOrEqual(values.length);
        expect(values.filter((value) => value > middle).length * 2).toBeLessThanOrEqual(values.length);
      }),
    );
  });
});

describe("summarize", () => {
  it("keeps the median and both ends", () => {
    expect(summarize([4, 8, 5])).toEqual({ median: 5, min: 4, max: 8 });
  });
});

describe("figures", () => {
  it.each([
    [0, "0"],
    [0.09123, "0.0912"],
    [1, "1.00"],
    [1.3549, "1.35"],
    [44.68, "44.7"],
    [468.4, "468"],
    [1989.6, "1,990"],
    [151_577, "151,577"],
    [-12.34, "-12.3"],
  ])("show %d as %s", (value, text) => {
    expect(formatFigure(value)).toBe(text);
  });

  it.each([
    [1.0502, 1.05, "1.0502"],
    [1.04998, 1.05, "1.04998"],
    [1.05, 1.05, "1.05"],
    [1.056, 1.05, "1.06"],
    [0, 0, "0"],
  ])("show %d, where %d is allowed, as %s", (value, bound, text) => {
    expect(formatBeside(value, bound)).toBe(text);
  });

  it("show a median with its range", () => {
    expect(formatSummary({ median: 44.68, min: 43, max: 460 })).toBe("44.7 (43.0 - 460)");
  });

  it("show a ratio as times the base", () => {
    expect(formatRatio(60, 40)).toBe("1.50 x");
    expect(formatRatio(4, 40)).toBe("0.100 x");
  });

  it("show no ratio to nothing", () => {
    expect(formatRatio(60, 0)).toBe("-");
  });
});
