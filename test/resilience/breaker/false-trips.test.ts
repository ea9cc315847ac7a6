import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../lib/local/seeded-random.ts";
import type { Verdict } from "../../../lib/resilience/breaker/breaker-state.ts";
import { TimeWindowBreaker } from "../../../lib/resilience/breaker/time-window-breaker.ts";

const CLOSED = 0;
const CALLS = 200_000;

/** How often the default rule says open in so many calls of a target that is healthy but for a few failures. */
function falseTrips(callsPerSecond: number, failureShare: number, verdict: Verdict): number {
  const random = seededRandom(7);
  let now = 0;
  const clock = {
    now: () => now,
    epochNow: () => now,
    setTimeout: () => 0,
    clearTimeout() {},
    holdProcess() {},
  };
  const rule = new TimeWindowBreaker({ clock });
  let trips = 0;
  for (let i = 0; i < CALLS; i++) {
    now += (-Math.log(1 - random()) * 1_000) / callsPerSecond;
    if (random() >= failureShare) rule.success(CLOSED);
    else if (rule.failure(CLOSED, 0, verdict)) trips++;
  }
  return trips;
}

describe("random failures of a healthy target do not open its breaker", () => {
  it.each([0.1, 0.6, 3, 100])("at %s calls a second, of which 5 % fail", (callsPerSecond) => {
    expect(falseTrips(callsPerSecond, 0.05, "failure")).toBe(0);
  });

  it.each([0.1, 0.6, 3, 100])("at %s calls a second, of which 0.5 % time out", (callsPerSecond) => {
    expect(falseTrips(callsPerSecond, 0.005, "timeout")).toBe(0);
  });

  it("whereas one of which a fifth time out is opened, so the test can tell", () => {
    expect(falseTrips(0.6, 0.2, "timeout")).toBeGreaterThan(0);
  });
});
