import { describe, expect, it } from "vitest";
import { lengthMs, SCENARIOS, type Scenario } from "../../../bench/faults/scenario.ts";
import { recoverySeconds, shareAnswered, summarize } from "../../../bench/faults/summary.ts";

/** Ten calls a second for six seconds, ill from 1 to 3 s. */
const SCENARIO: Scenario = {
  name: "ill",
  description: "",
  fault: { kind: "crash" },
  ratePerSecond: 10,
  patienceMs: 100,
  beforeMs: 1_000,
  faultMs: 2_000,
  afterMs: 3_000,
};

/** All answered but those that were due in `[from, to)` seconds. */
const lostBetween = (from: number, to: number) =>
  Array.from({ length: 60 }, (_, index) => index < from * 10 || index >= to * 10);

describe("the figures of a scenario", () => {
  it("count a call in the phase in which it was due", () => {
    expect(shareAnswered(SCENARIO, lostBetween(1, 2), 1_000, 3_000)).toBe(0.5);
    expect(shareAnswered(SCENARIO, lostBetween(1, 2), 3_000, 6_000)).toBe(1);
  });

  it("have recovered when no half second after it loses more than a twentieth", () => {
    expect(recoverySeconds(SCENARIO, lostBetween(1, 3))).toBe(0);
    expect(recoverySeconds(SCENARIO, lostBetween(1, 4))).toBe(1);
    expect(recoverySeconds(SCENARIO, lostBetween(4.5, 5))).toBe(2);
    expect(recoverySeconds(SCENARIO, lostBetween(1, 6))).toBe(3);
  });

  it("are shares, seconds and attempts per call of each round, and a curve of the rounds' medians", () => {
    const rounds = [1, 2, 4.5].map((to) => ({ answered: lostBetween(1, to), lagMs: 0, requests: 90 }));
    const { figures, curve } = summarize("c", SCENARIO, rounds);
    expect(Object.fromEntries(figures.map(({ metric, values }) => [metric, values]))).toEqual({
      servedIll: [100, 50, 0],
      servedAfter: [100, 100, 50],
      recovery: [0, 0, 1.5],
      attempts: [1.5, 1.5, 1.5],
    });
    expect(curve.points).toHaveLength(12);
    expect(curve.points[2]).toEqual([1.25, 0]);
    expect(curve.points[4]).toEqual([2.25, 10]);
  });
});

describe("the scenarios", () => {
  it("have names of their own, and whole half seconds", () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
    expect(SCENARIOS.filter((scenario) => lengthMs(scenario) % 500 !== 0)).toEqual([]);
  });

  it("take a client and a round through all of them in two minutes", () => {
    expect(SCENARIOS.reduce((ms, scenario) => ms + lengthMs(scenario), 0)).toBeLessThan(120_000);
  });
});
