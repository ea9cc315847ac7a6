import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LatencySketch, RELATIVE_ERROR } from "../../lib/resilience/latency-sketch.ts";

const WINDOW_MS = 10_000;

/** The value that a share `q` of `values` does not exceed. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? Number.NaN;
}

function expectClose(estimate: number | undefined, exact: number): void {
  expect(Math.abs((estimate ?? Number.NaN) - exact)).toBeLessThanOrEqual(exact * (RELATIVE_ERROR + 1e-9));
}

const duration = fc.double({ min: 1, max: 3_600_000, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("the latency sketch", () => {
  it("is never further from an exact quantile than its relative error", () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 400 }), share, (durations, q) => {
        const sketch = new LatencySketch(WINDOW_MS, 0);
        for (const ms of durations) sketch.record(ms, 0);
        expectClose(sketch.quantile(q, 0), exactQuantile(durations, q));
      }),
    );
  });

  it("remembers all of the last window, and nothing that is older than two", () => {
    const event = fc.record({ afterMs: fc.nat({ max: 25_000 }), ms: duration });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 60 }), (events) => {
        const sketch = new LatencySketch(WINDOW_MS, 0);
        const times: number[] = [];
        let now = 0;
        for (const { afterMs, ms } of events) {
          now += afterMs;
          sketch.record(ms, now);
          times.push(now);
          const newerThan = (age: number) => times.filter((at) => at > now - age).length;
          expect(sketch.count(now)).toBeGreaterThanOrEqual(newerThan(WINDOW_MS));
          expect(sketch.count(now)).toBeLessThanOrEqual(newerThan(2 * WINDOW_MS));
        }
      }),
    );
  });

  it("follows a target that becomes slow", () => {
    const sketch = new LatencySketch(WINDOW_MS, 0);
    for (let i = 0; i < 1_000; i++) sketch.record(20, i);
    for (let i = 0; i < 1_000; i++) sketch.record(300, WINDOW_MS + i);
    expectClose(sketch.quantile(0.4, WINDOW_MS + 1_000), 20);
    expectClose(sketch.quantile(0.4, 2 * WINDOW_MS), 300);
  });

  it("knows nothing before the first answer, and nothing any more after a long silence", () => {
    const sketch = new LatencySketch(WINDOW_MS, 0);
    expect(sketch.quantile(0.5, 0)).toBeUndefined();
    sketch.record(20, 0);
    sketch.record(20, WINDOW_MS);
    expect(sketch.count(WINDOW_MS)).toBe(2);
    expect(sketch.quantile(0.5, 30 * WINDOW_MS + 7)).toBeUndefined();
    sketch.record(40, 30 * WINDOW_MS + 7);
    expect(sketch.count(30 * WINDOW_MS + 7)).toBe(1);
  });

  it("takes what is below a millisecond for about one, and what is above an hour for about one", () => {
    const sketch = new LatencySketch(WINDOW_MS, 0);
    sketch.record(0, 0);
    expectClose(sketch.quantile(1, 0), 1);
    sketch.record(Number.MAX_VALUE, 0);
    expect(sketch.quantile(1, 0)).toBeGreaterThan(3_600_000 * (1 - RELATIVE_ERROR));
  });
});
