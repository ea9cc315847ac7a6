import { describe, expect, it } from "vitest";
import { resolveWarmUpSchedule, warmUpDelayMs } from "../../lib/resilience/warm-up.ts";

describe("how often a loading model is asked", () => {
  const schedule = { initialDelayMs: 1_000, maxDelayMs: 10_000 };
  const delays = (random: number) => [0, 1, 2, 3, 4, 9].map((n) => warmUpDelayMs(schedule, n, () => random));

  it("is less often each time, but for a bound", () => {
    expect(delays(1)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it("is by chance, but never at once", () => {
    expect(delays(0)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(warmUpDelayMs(schedule, 0, () => 0.5)).toBe(750);
  });
});

describe("the schedule of the questions", () => {
  it("has these defaults", () => {
    expect(resolveWarmUpSchedule("wait", {})).toEqual({ initialDelayMs: 1_000, maxDelayMs: 10_000 });
  });

  it("may keep to one delay", () => {
    const same = { initialDelayMs: 50, maxDelayMs: 50 };
    expect(resolveWarmUpSchedule("wait", same)).toEqual(same);
  });

  it.each<[unknown, string]>([
    ["soon", 'wait must be an object of options, got "soon"'],
    [{ delayMs: 5 }, "wait.delayMs is not an option; known here: initialDelayMs, maxDelayMs"],
    [{ initialDelayMs: 0 }, "wait.initialDelayMs must be a number of milliseconds above 0"],
    [
      { maxDelayMs: "1" },
      'wait.maxDelayMs must be a number of milliseconds above 0 and up to 2147483647, got "1"',
    ],
    [{ maxDelayMs: 999 }, "wait.maxDelayMs must be at least initialDelayMs (1000), got 999"],
  ])("is refused in one sentence: %o", (options, message) => {
    expect(() => resolveWarmUpSchedule("wait", options as object)).toThrow(message);
  });
});
