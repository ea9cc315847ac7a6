import { describe, expect, it } from "vitest";
import { Call } from "../../lib/call.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { STORED_AT_START } from "../../lib/resilience/hedge-allowance.ts";
import { resolveHedge } from "../../lib/resilience/hedge-settings.ts";
import { HedgeState } from "../../lib/resilience/hedge-state.ts";
import { RELATIVE_ERROR } from "../../lib/resilience/latency-sketch.ts";
import type { HedgeOptions } from "../../lib/resilience/options.ts";
import { RetryBudget, resolveBudget } from "../../lib/resilience/retry-budget.ts";
import { resolveSendOptions } from "../../lib/send-options.ts";
import { targetOf } from "../../lib/target.ts";
import { FakeClock } from "../support/fake-clock.ts";

const NO_SETTINGS = resolveSendOptions(undefined);

/** A target that answers in 1 to 100 ms, each as often as the other. */
function knownTarget(options: HedgeOptions = {}): HedgeState {
  const state = new HedgeState(resolveHedge(options, { random: () => 0 }), 0);
  for (let ms = 1; ms <= 100; ms++) {
    state.attempted(0);
    state.took(ms, 0);
  }
  return state;
}

function newCall(): Call {
  return new Call(invokeEndpoint, targetOf({ EndpointName: "churn" }), true, NO_SETTINGS, new FakeClock());
}

describe("what is slow", () => {
  it("is what took longer than the quantile: never sooner, and later by no more than twice its error", () => {
    const slowAfterMs = knownTarget({ quantile: 0.9 }).slowAfterMs(0);
    expect(slowAfterMs).toBeGreaterThanOrEqual(90);
    expect(slowAfterMs).toBeLessThanOrEqual(90 * (1 + 2 * RELATIVE_ERROR + 0.01));
  });

  it("is nothing before minDelayMs", () => {
    expect(knownTarget({ minDelayMs: 400 }).slowAfterMs(0)).toBe(400);
  });

  it("is not known before there are enough answers, nor once they are out of date", () => {
    expect(knownTarget({ minimumSamples: 101 }).slowAfterMs(0)).toBeUndefined();
    expect(knownTarget({ windowMs: 1_000 }).slowAfterMs(1_999)).toBeDefined();
    expect(knownTarget({ windowMs: 1_000 }).slowAfterMs(2_000)).toBeUndefined();
  });
});

describe("a hedge", () => {
  it("is paid twice: at the target's allowance, and at the budget that it shares with retries", () => {
    const state = knownTarget({ maxExtraLoad: 0.03 });
    const call = newCall();
    for (let paid = 0; paid < STORED_AT_START; paid++) expect(state.pay(call, 0)).toBeUndefined();
    call.budget = new RetryBudget(resolveBudget({ minPerSecond: 0.1, ratio: 0 }), call.clock);
    expect(state.pay(call, 0)).toBeUndefined();
    expect(state.pay(call, 0)).toBe("budget");
    call.budget = undefined;
    // What the budget refused has taken nothing from the allowance of three.
    expect([state.pay(call, 0), state.pay(call, 0), state.pay(call, 0)]).toEqual([
      undefined,
      undefined,
      "load",
    ]);
    state.giveBack(call, 0, 0);
    expect(state.pay(call, 0)).toBeUndefined();
  });

  it("is not paid for where it is of no use or does harm", () => {
    const state = knownTarget();
    const late = newCall();
    late.deadlineAt = 0.5;
    expect(state.pay(late, 0)).toBe("deadline");
    for (const guard of ["breaker", "limiter"] as const) {
      const call = newCall();
      call[guard] = { isOverloaded: true };
      expect(state.pay(call, 0)).toBe("overload");
      call[guard] = { isOverloaded: false };
      expect(state.pay(call, 0)).toBeUndefined();
    }
  });
});
