import { ConsecutiveBreaker, CountBreaker, type IBreaker, SamplingBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { TimeWindowBreaker } from "../../../lib/resilience/breaker/time-window-breaker.ts";
import { testBreaker } from "../../support/breakers.ts";

/** cockatiel's `CircuitState`. */
const CLOSED = 0;
const HALF_OPEN = 2;

/** Settles one attempt after the other, `f`ailed or not, and says after how many the breaker opened. */
function opensAfter(breaker: ReturnType<typeof testBreaker>, outcomes: string): number | undefined {
  for (let i = 0; i < outcomes.length; i++) {
    breaker.breaker.settle(breaker.admitted(), outcomes[i] === "f" ? "failure" : "success");
    if (breaker.breaker.state === "open") return i + 1;
  }
  return undefined;
}

describe("the rule that a breaker opens by", () => {
  it("may count failures in a row, as cockatiel's ConsecutiveBreaker does", () => {
    const rule = () => testBreaker({ breaker: () => new ConsecutiveBreaker(3) });
    expect(opensAfter(rule(), "ffsffsff")).toBe(undefined);
    expect(opensAfter(rule(), "ffsfff")).toBe(6);
  });

  it("may be a share of the last calls, as cockatiel's CountBreaker has it, from a minimum of them on", () => {
    const rule = () =>
      testBreaker({
        breaker: () => new CountBreaker({ size: 10, threshold: 0.5, minimumNumberOfCalls: 6 }),
      });
    expect(opensAfter(rule(), "fffff")).toBe(undefined);
    expect(opensAfter(rule(), "ffffff")).toBe(6);
    expect(opensAfter(rule(), "sssssssssffffff")).toBe(15);
  });

  it("may be a share of the last seconds, as cockatiel's SamplingBreaker has it, from a minimum rate on", () => {
    const rule = (minimumRps: number) =>
      testBreaker({ breaker: () => new SamplingBreaker({ threshold: 0.5, duration: 1_000, minimumRps }) });
    expect(opensAfter(rule(4), "fff")).toBe(undefined);
    expect(opensAfter(rule(4), "ffffff")).toBe(4);
  });

  it("may be the default one with other numbers", () => {
    const numbers = { failureRatio: 0.25, minimumThroughput: 8, consecutiveFailures: 100 };
    expect(opensAfter(testBreaker({ breaker: numbers }), "sssssf")).toBe(undefined);
    expect(opensAfter(testBreaker({ breaker: numbers }), "ssssssff")).toBe(8);
  });

  it("tells the same as data and as a rule made by hand, but for the clock", () => {
    const numbers = { failureRatio: 0.5, minimumThroughput: 4, windowMs: 1_000 };
    const outcomes = "sfsfsff";
    const asData = opensAfter(testBreaker({ breaker: numbers }), outcomes);
    expect(asData).toBe(4);
    expect(opensAfter(testBreaker({ breaker: () => new TimeWindowBreaker(numbers) }), outcomes)).toBe(asData);
  });

  it("is told of each attempt and of each probe by cockatiel's states", async () => {
    const told: unknown[] = [];
    const rule: IBreaker = {
      state: undefined,
      success: (state) => told.push(["success", state]),
      failure: (state) => told.push(["failure", state]) === 2,
    };
    const test = testBreaker({ breaker: () => rule, halfOpenProbes: 2 });
    expect(opensAfter(test, "sf")).toBe(2);
    await test.clock.advance(1_000);
    test.breaker.settle(test.admitted(), "success");
    test.breaker.settle(test.admitted(), "failure");
    expect(told).toEqual([
      ["success", CLOSED],
      ["failure", CLOSED],
      ["success", HALF_OPEN],
      ["failure", HALF_OPEN],
    ]);
  });

  it("is made anew at a recovery: what failed before does not count", async () => {
    const test = testBreaker({
      breaker: () => new ConsecutiveBreaker(2),
      halfOpenProbes: 1,
      recoveryRampMs: 0,
    });
    expect(opensAfter(test, "ff")).toBe(2);
    await test.clock.advance(6_000);
    test.breaker.settle(test.admitted(), "success");
    expect(opensAfter(test, "f")).toBe(undefined);
    expect(opensAfter(test, "f")).toBe(1);
  });
});
