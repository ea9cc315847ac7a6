import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RetryBudget, resolveBudget } from "../../lib/resilience/retry-budget.ts";
import { FakeClock } from "../support/fake-clock.ts";

describe("the retry budget", () => {
  it("allows a share of the successes, and a few retries whatever happens", () => {
    const clock = new FakeClock();
    const options = resolveBudget({ ratio: 0.1, minPerSecond: 0.5, windowMs: 10_000 });
    const budget = new RetryBudget(options, clock);
    for (let i = 0; i < 100; i++) budget.succeeded(clock.now());
    let retries = 0;
    while (budget.tryTake()) retries++;
    expect(retries).toBe(5 + 10);
  });

  it("allows a retry again after a quiet time, even when nothing succeeded", async () => {
    const clock = new FakeClock();
    const budget = new RetryBudget(resolveBudget({}), clock);
    while (budget.tryTake()) {}
    expect(budget.tryTake()).toBe(false);
    await clock.advance(12_500);
    expect(budget.tryTake()).toBe(true);
  });

  it("counts a retry for the whole of its window, whenever in it that was made", () => {
    for (const madeAt of [0, 600, 1_111, 5_000]) {
      const clock = new FakeClock();
      const budget = new RetryBudget(resolveBudget({ ratio: 0, minPerSecond: 0.1 }), clock);
      clock.skip(madeAt);
      expect(budget.tryTake()).toBe(true);
      clock.skip(9_999);
      expect(budget.tryTake()).toBe(false);
    }
  });

  it("stores no credit for longer than its window", async () => {
    const clock = new FakeClock();
    const budget = new RetryBudget(resolveBudget({ minPerSecond: 0 }), clock);
    for (let i = 0; i < 100_000; i++) budget.succeeded(clock.now());
    await clock.advance(10_000);
    expect(budget.tryTake()).toBe(false);
  });

  it("takes back a retry that was not made", async () => {
    const clock = new FakeClock();
    const budget = new RetryBudget(resolveBudget({ minPerSecond: 0.1 }), clock);
    const takenAt = clock.now();
    expect(budget.tryTake()).toBe(true);
    await clock.advance(3_000);
    expect(budget.tryTake()).toBe(false);
    budget.giveBack(takenAt);
    expect(budget.tryTake()).toBe(true);
  });

  it("never allows a retry by which there are more in the window than its law says", async () => {
    const step = fc.record({
      ms: fc.nat({ max: 3_000 }),
      successes: fc.nat({ max: 30 }),
      wanted: fc.nat({ max: 10 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = new FakeClock();
        const budget = new RetryBudget(
          resolveBudget({ ratio: 0.2, minPerSecond: 1, windowMs: 5_000 }),
          clock,
        );
        const events: { at: number; successes: number; retries: number }[] = [];
        for (const { ms, successes, wanted } of steps) {
          await clock.advance(ms);
          for (let i = 0; i < successes; i++) budget.succeeded(clock.now());
          let retries = 0;
          for (let i = 0; i < wanted; i++) if (budget.tryTake()) retries++;
          events.push({ at: clock.now(), successes, retries });
        }
        for (const last of events.filter(({ retries }) => retries > 0)) {
          const inWindow = events.filter((event) => event.at <= last.at && event.at > last.at - 5_000);
          const retries = inWindow.reduce((sum, event) => sum + event.retries, 0);
          const successes = inWindow.reduce((sum, event) => sum + event.successes, 0);
          expect(retries).toBeLessThanOrEqual(5 + 0.2 * successes);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [{ ratio: 1.5 }, "retry.budget.ratio must be a number from 0 to 1, got 1.5"],
    [
      { minPerSecond: Symbol("1") },
      "retry.budget.minPerSecond must be a number of at least 0, got Symbol(1)",
    ],
    [{ minPerSecond: -1 }, "retry.budget.minPerSecond must be a number of at least 0, got -1"],
    [{ windowMs: 500 }, "retry.budget.minPerSecond must be 0, or at least 2 (one retry in windowMs), got 1"],
    [{ ratioo: 1 }, "retry.budget.ratioo is not an option; known here: ratio, minPerSecond, windowMs"],
    [true, "retry.budget must be an object of options, got true"],
    [{ windowMs: 0 }, "retry.budget.windowMs must be a number of milliseconds above 0"],
  ])("refuses %o by name", (options, message) => {
    expect(() => resolveBudget(options as object)).toThrow(message);
  });
});
