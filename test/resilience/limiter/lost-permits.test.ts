import { describe, expect, it } from "vitest";
import { LostPermits } from "../../../lib/resilience/limiter/lost-permits.ts";

/** Those of a target that has answered once, after so long. */
function answeredAfter(ms: number): LostPermits {
  const lost = new LostPermits();
  lost.heard(0, ms);
  return lost;
}

describe("permits that others lack", () => {
  it("are given up where nothing is heard for 8 s, from the first who found none", () => {
    const lost = answeredAfter(50);
    expect([100, 4_000, 8_099].map((now) => lost.lacking(5, now))).toEqual([false, false, false]);
    expect(lost.count).toBe(0);
    expect(lost.lacking(5, 8_100)).toBe(true);
    expect(lost.count).toBe(5);
  });

  it("are not where any attempt is heard of meanwhile", () => {
    const lost = answeredAfter(50);
    lost.lacking(5, 0);
    lost.heard(0, undefined);
    expect([8_000, 15_999, 16_000].map((now) => lost.lacking(5, now))).toEqual([false, false, true]);
  });

  it("are not while no answer says how long one takes", () => {
    const lost = new LostPermits();
    lost.heard(0, undefined);
    expect([0, 60_000].map((now) => lost.lacking(5, now))).toEqual([false, false]);
  });

  it("are given twice the time of the slowest answer, which many fast ones make forgotten", () => {
    const lost = answeredAfter(30_000);
    lost.heard(0, 50);
    expect([0, 59_000].map((now) => lost.lacking(5, now))).toEqual([false, false]);
    for (let i = 0; i < 1_000; i++) lost.heard(0, 50);
    expect([60_000, 68_000].map((now) => lost.lacking(5, now))).toEqual([false, true]);
  });

  it("count as long as they are held, and those that were taken since do not", () => {
    const lost = answeredAfter(50);
    for (const now of [0, 8_000]) lost.lacking(2, now);
    lost.heard(8_000, 50);
    expect(lost.count).toBe(2);
    lost.heard(7_999, undefined);
    for (let i = 0; i < 2; i++) lost.heard(0, undefined);
    expect(lost.count).toBe(0);
  });

  it("are given up again where those that were let in meanwhile are lost as well", () => {
    const lost = answeredAfter(50);
    for (const now of [0, 8_000]) lost.lacking(5, now);
    expect([15_999, 16_000].map((now) => lost.lacking(9, now))).toEqual([false, true]);
    expect(lost.count).toBe(9);
  });
});
