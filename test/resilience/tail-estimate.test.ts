import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LatencySketch, RELATIVE_ERROR } from "../../lib/resilience/latency-sketch.ts";
import { estimateTail } from "../../lib/resilience/tail-estimate.ts";

const Q = 0.93;

function sketchOf(durations: readonly number[]): LatencySketch {
  const sketch = new LatencySketch(60_000, 0);
  for (const ms of durations) sketch.record(ms, 0);
  return sketch;
}

/** Of `count` answers, this share takes 3 s and each of the others 100 ms. */
function withVerySlow(count: number, share: number): LatencySketch {
  return sketchOf(Array.from({ length: count }, (_, i) => (i < share * count ? 3_000 : 100)));
}

function expectNear(estimate: number | undefined, ms: number): void {
  expect(estimate).toBeGreaterThanOrEqual(ms * (1 - RELATIVE_ERROR) - 1e-9);
  expect(estimate).toBeLessThanOrEqual(ms * (1 + RELATIVE_ERROR) + 1e-9);
}

describe("the tail of a target's answers", () => {
  it("is not known without any", () => {
    expect(estimateTail(sketchOf([]), Q, 0)).toBeUndefined();
  });

  it("is the quantile where it is no longer than one without memory, however few the answers are", () => {
    expectNear(estimateTail(sketchOf([...Array(100).keys()].map((ms) => ms + 1)), Q, 0), 93);
    expectNear(estimateTail(sketchOf([20, 20, 20]), Q, 0), 20);
  });

  it("begins before the very slow where a sample may hold more of them than there are", () => {
    // 9 of 100, where 7 are beyond the quantile: it may as well be 4 of 100.
    expectNear(estimateTail(withVerySlow(100, 0.09), Q, 0), (100 * Math.log(1 - Q)) / Math.log(0.5));
  });

  it("begins with them once so many answers say that there are so many of them", () => {
    expectNear(estimateTail(withVerySlow(10_000, 0.09), Q, 0), 3_000);
  });

  it("begins with the slow of two kinds of answers, where few answers say so already", () => {
    const twoKinds = [...Array(60).fill(5), ...Array(40).fill(600)];
    expectNear(estimateTail(sketchOf(twoKinds), Q, 0), 600);
  });

  it("lies between the quantile and what is two standard errors below it", () => {
    const durations = fc.array(fc.double({ min: 1, max: 100_000, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(durations, fc.double({ min: 0.5, max: 0.99, noNaN: true }), (sample, q) => {
        const sketch = sketchOf(sample);
        const least = Math.max(0.5, q - 2 * Math.sqrt((q * (1 - q)) / sample.length));
        const estimate = estimateTail(sketch, q, 0);
        expect(estimate).toBeLessThanOrEqual(sketch.quantile(q, 0)!);
        expect(estimate).toBeGreaterThanOrEqual(sketch.quantile(least, 0)!);
      }),
    );
  });
});
