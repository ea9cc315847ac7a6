import { SamplingBreaker } from "cockatiel";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TimeWindowBreaker } from "../../../lib/resilience/breaker/time-window-breaker.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const CLOSED = 0;

describe("the time-window rule", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("says open at the failure ratio, and not below the minimum throughput", () => {
    const rule = new TimeWindowBreaker({ failureRatio: 0.5, minimumThroughput: 4, clock: new FakeClock() });
    rule.success(CLOSED);
    expect([rule.failure(CLOSED), rule.failure(CLOSED), rule.failure(CLOSED)]).toEqual([false, false, true]);
  });

  it("forgets what is older than its window", async () => {
    const clock = new FakeClock();
    const rule = new TimeWindowBreaker({ minimumThroughput: 3, windowMs: 1_000, clock });
    rule.failure(CLOSED);
    rule.failure(CLOSED);
    await clock.advance(1_100);
    expect(rule.failure(CLOSED)).toBe(false);
  });

  it("CK2: one failure after an idle hour opens cockatiel's sampler and not ours", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const theirs = new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 });
    const clock = new FakeClock();
    const ours = new TimeWindowBreaker({ minimumThroughput: 5, windowMs: 10_000, clock });
    for (const rule of [theirs, ours]) {
      for (let i = 0; i < 10; i++) rule.success(CLOSED);
      for (let i = 0; i < 10; i++) rule.failure(CLOSED);
    }
    vi.setSystemTime(Date.now() + 3_600_000);
    await clock.advance(3_600_000);
    expect(theirs.failure(CLOSED)).toBe(true);
    expect(ours.failure(CLOSED)).toBe(false);
  });

  it.each([
    [{ failureRatio: 0 }, "TimeWindowBreaker.failureRatio must be a number above 0 and up to 1, got 0"],
    [
      { minimumThroughput: 0 },
      "TimeWindowBreaker.minimumThroughput must be a whole number of at least 1, got 0",
    ],
    [{ windowMs: -1 }, "TimeWindowBreaker.windowMs must be a number of milliseconds above 0"],
  ])("refuses %o by name", (options, message) => {
    expect(() => new TimeWindowBreaker(options)).toThrow(message);
  });
});
