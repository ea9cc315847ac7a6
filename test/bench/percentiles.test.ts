import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percentilesOf, valueAt } from "../../bench/percentiles.ts";

describe("percentiles", () => {
  it("are values that so many stayed within", () => {
    const values = Float64Array.from({ length: 10_000 }, (_, index) => 10_000 - index);
    const percentiles = percentilesOf(values);
    expect(valueAt(percentiles, 0.5)).toBe(5_000);
    expect(valueAt(percentiles, 0.99)).toBe(9_900);
    expect(valueAt(percentiles, 0.999)).toBe(9_990);
  });

  it("go no further than ten values beyond", () => {
    const sharesOf = (length: number) => percentilesOf(new Float64Array(length)).map(([share]) => share);
    expect(sharesOf(9)).toEqual([]);
    expect(Math.max(...sharesOf(1_000))).toBe(0.99);
    expect(sharesOf(9_000)).not.toContain(0.999);
    expect(sharesOf(10_000)).toContain(0.999);
    expect(sharesOf(100_000)).toContain(0.9999);
  });

  it("never fall, and are values that there were", () => {
    const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 20, maxLength: 300 });
    fc.assert(
      fc.property(values, (list) => {
        const found = percentilesOf(Float64Array.from(list)).map(([, value]) => value);
        expect(found).toEqual([...found].sort((a, b) => a - b));
        expect(found.every((value) => list.includes(value))).toBe(true);
      }),
    );
  });
});
