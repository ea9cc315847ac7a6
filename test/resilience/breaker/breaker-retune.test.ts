import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { resolveBreaker } from "../../../lib/resilience/breaker/breaker-settings.ts";
import type { Verdict } from "../../../lib/resilience/breaker/breaker-state.ts";
import type { CircuitBreakerOptions } from "../../../lib/resilience/breaker/options.ts";
import { testBreaker } from "../../support/breakers.ts";

/** A breaker that can be tuned, and attempts of it one after the other. */
function tunable(options: CircuitBreakerOptions = {}) {
  const test = testBreaker(options);
  const retune = (changed: CircuitBreakerOptions) =>
    test.breaker.retune(resolveBreaker(changed, { clock: test.clock, random: () => 0.5 }));
  const settle = (count: number, verdict: Verdict, durationMs = 10) => {
    for (let i = 0; i < count; i++) test.breaker.settle(test.admitted(), verdict, durationMs);
    return test.breaker.state;
  };
  return { ...test, retune, settle };
}

describe("a breaker that is tuned", () => {
  it("counts on where its rule has other numbers, and stays open for the new time", () => {
    const { breaker, retune, settle } = tunable();
    expect(settle(6, "failure")).toBe("closed");
    retune({ halfOpenAfterMs: 3_000, breaker: { windowMs: 20_000 } });
    expect(settle(1, "failure")).toBe("open");
    expect(breaker.refusal().retryAfterMs).toBe(3_000);
  });

  it("counts on with the state of a cockatiel rule of the same kind", () => {
    const { retune, settle } = tunable({ breaker: () => new ConsecutiveBreaker(3) });
    settle(2, "failure");
    retune({ breaker: () => new ConsecutiveBreaker(3) });
    expect(settle(1, "failure")).toBe("open");
  });

  it("begins to count anew with a rule of another kind", () => {
    const { retune, settle } = tunable();
    settle(6, "failure");
    retune({ breaker: () => new ConsecutiveBreaker(2) });
    expect([settle(1, "failure"), settle(1, "failure")]).toEqual(["closed", "open"]);
  });

  it("counts on what was slow, where slowness counted before", () => {
    const { breaker, retune, settle } = tunable({ slowCallMs: 100 });
    settle(6, "success", 100);
    retune({ slowCallMs: 200 });
    expect(settle(1, "success", 200)).toBe("open");
    expect(breaker.refusal().openCause).toBe("slow");
  });

  it("begins to count what is slow, or counts it no more", () => {
    const { retune, settle } = tunable();
    settle(6, "success", 100);
    retune({ slowCallMs: 100 });
    expect(settle(6, "success", 100)).toBe("closed");
    retune({});
    expect(settle(100, "success", 100)).toBe("closed");
  });

  it("stays in its state, and tells its new listener of the next one", () => {
    const told: string[] = [];
    const { breaker, trip, retune } = tunable();
    trip();
    retune({ onStateChange: ({ from, to }) => told.push(`${from} > ${to}`) });
    expect(breaker.state).toBe("open");
    breaker.reset();
    expect(told).toEqual(["open > closed"]);
  });
});
