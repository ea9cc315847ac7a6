import { describe, expect, it } from "vitest";
import { SampleWindow } from "../../../lib/resilience/limiter/sample-window.ts";

/** Opened at 1,000 ms, with the given latencies. */
function windowOf(...latencies: number[]): SampleWindow {
  const window = new SampleWindow(1_000);
  for (const latencyMs of latencies) window.add(1_000, "answered", latencyMs, 1);
  return window;
}

describe("a window of samples", () => {
  it("is complete with ten samples, of whichever kind, and half a second after it was opened", () => {
    const window = windowOf(...Array(8).fill(20));
    window.add(1_100, "overloaded", 20, 1);
    expect(window.isComplete(9_000)).toBe(false);
    window.add(1_200, "overloaded", 20, 1);
    expect([1_499, 1_500].map((now) => window.isComplete(now))).toEqual([false, true]);
  });

  it("begins anew with the first sample after a pause of more than half a minute", () => {
    const window = windowOf(...Array(10).fill(20));
    window.add(31_000, "answered", 20, 1);
    expect(window.answered).toBe(11);
    window.add(61_001, "answered", 20, 1);
    expect(window.answered).toBe(1);
    expect(window.isComplete(61_501)).toBe(false);
  });

  it("knows the middle of its latencies, and of a long one the middle of the newest 64", () => {
    expect(windowOf(500, 9, 30, 10, 20).medianMs()).toBe(20);
    expect(windowOf(...Array(100).fill(10), ...Array(40).fill(30)).medianMs()).toBe(30);
    expect(windowOf().medianMs()).toBe(0);
  });

  it("takes no latency from overloaded attempts, and knows their share", () => {
    const window = windowOf(20, 20, 20);
    for (let i = 0; i < 9; i++) window.add(1_000, "overloaded", 5_000, 1);
    expect([window.medianMs(), window.overloadShare()]).toEqual([20, 0.75]);
  });

  it("keeps the most that were in flight at once, until it is begun anew", () => {
    const window = windowOf();
    for (const inFlight of [3, 9, 5]) window.add(1_000, "overloaded", 20, inFlight);
    expect(window.peakInFlight).toBe(9);
    window.restart(2_000);
    expect([window.peakInFlight, window.answered, window.overloaded]).toEqual([0, 0, 0]);
  });
});
