import { describe, expect, it } from "vitest";
import { BUCKET_PRESETS, boundLabel, RATIO_BUCKETS, resolveBuckets } from "../../lib/metrics/buckets.ts";

const resolve = (buckets: unknown) => resolveBuckets("metrics.buckets", buckets as number[]);

describe("resolveBuckets", () => {
  it("takes the name of a preset", () => {
    expect(resolve("latency")).toHaveLength(19);
    expect(resolve("llm").at(-1)).toBe(81.92);
    expect(resolve("coarse")).toHaveLength(9);
  });

  it("takes ascending bounds, and keeps a copy of them", () => {
    const mine = [0.1, 0.25, 1];
    const bounds = resolve(mine);
    mine.push(0);
    expect(bounds).toEqual([0.1, 0.25, 1]);
  });

  it.each([
    ["an unknown preset", "fast", 'metrics.buckets must be one of "latency", "llm", "coarse", got "fast"'],
    ["no bounds", [], /metrics\.buckets must be .* 1 to 40 bounds in seconds, got an array of 0/],
    [
      "too many bounds",
      Array.from({ length: 41 }, (_, i) => i + 1),
      /1 to 40 bounds in seconds, got an array of 41/,
    ],
    [
      "bounds out of order",
      [0.1, 1, 0.5],
      "metrics.buckets[2] must be a finite number of seconds above 1, got 0.5",
    ],
    [
      "the same bound twice",
      [0.1, 0.1],
      "metrics.buckets[1] must be a finite number of seconds above 0.1, got 0.1",
    ],
    ["zero", [0, 1], "metrics.buckets[0] must be a finite number of seconds above 0, got 0"],
    ["infinity, which is implied", [1, Number.POSITIVE_INFINITY], /metrics\.buckets\[1\] .* got Infinity/],
    ["not a number", [Number.NaN], /metrics\.buckets\[0\] .* got NaN/],
    ["text", ["1"], /metrics\.buckets\[0\] .* got "1"/],
    ["something else", 7, /metrics\.buckets must be .* got 7/],
  ])("refuses %s", (_, buckets, message) => {
    expect(() => resolve(buckets)).toThrow(message);
    expect(() => resolve(buckets)).toThrow(RangeError);
  });

  it("has only presets that it would take as bounds", () => {
    for (const preset of [...Object.values(BUCKET_PRESETS), RATIO_BUCKETS])
      expect(resolve(preset)).toEqual(preset);
  });
});

describe("boundLabel", () => {
  it("writes whole numbers with a fraction, as Prometheus 3 does", () => {
    expect([1, 70, 0.005, 2.5, 1e21, Number.POSITIVE_INFINITY].map(boundLabel)).toEqual([
      "1.0",
      "70.0",
      "0.005",
      "2.5",
      "1e+21",
      "+Inf",
    ]);
  });
});
