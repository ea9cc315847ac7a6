import { beforeAll, describe, expect, it, vi } from "vitest";
import { evaluateGoals } from "../../bench/simulate/goals.ts";
import { renderReport } from "../../bench/simulate/report/write.ts";
import type { SimulationResult } from "../../bench/simulate/result.ts";
import { capacityCut } from "../../bench/simulate/scenarios/capacity-cut.ts";
import { simulateScenario } from "../../bench/simulate/simulate-scenario.ts";
import { verdictOf } from "../../bench/simulate/verdict.ts";

const MACHINE = { cpu: "none", cores: 1, memoryBytes: 1, loadAverage: 0, system: "none", node: "0", v8: "0" };

async function simulated(policies: string[], seeds: number[]): Promise<SimulationResult> {
  const scenarios = [await simulateScenario(capacityCut(20, 0.7, true), { policies, seeds })];
  const provenance = { command: "c", revision: "r", startedAt: "then", machine: MACHINE, packages: {} };
  return { ...provenance, seeds, isQuick: true, scenarios };
}

describe("a simulation", { timeout: 120_000 }, () => {
  it("gives the same report for the same seed, to the byte, and another one for another seed", async () => {
    const policies = ["holdfast", "aws-sdk"];
    const [first, again, other] = [
      await simulated(policies, [3]),
      await simulated(policies, [3]),
      await simulated(policies, [4]),
    ];
    expect([...renderReport(again)]).toEqual([...renderReport(first)]);
    expect(other.scenarios).not.toEqual(first.scenarios);
  });

  it("brings every policy the same requests", async () => {
    const { scenarios } = await simulated(["no retry", "aws-sdk"], [1]);
    const before = scenarios[0]!.rows.map(({ curves }) => curves.goodput.slice(0, 25));
    expect(before[0]).toEqual(before[1]);
  });

  it("keeps time to itself: minutes of it pass without a real timer", async () => {
    const realTimers = vi.spyOn(globalThis, "setTimeout");
    const { scenarios } = await simulated(["holdfast", "aws-sdk"], [1]);
    const calls = realTimers.mock.calls.length;
    realTimers.mockRestore();
    expect(scenarios[0]!.rows[0]!.curves.goodput.length).toBeGreaterThan(150);
    expect(calls).toBe(0);
  });
});

describe("the verdict", { timeout: 120_000 }, () => {
  let result: SimulationResult;

  beforeAll(async () => {
    result = await simulated(["no retry"], [1]);
  });

  it("names the goals that were missed, with what came of them", () => {
    const { message, isMet } = verdictOf(result, "no retry");
    expect(isMet).toBe(false);
    expect(message).toMatch(
      /^2 of 3 goals are missed: goodput in the 120 s after the cut \(capacity cut, 20 processes, 70 % load\): 8\d\.\d+ %; recovered within \(.*\): 1\d s$/,
    );
  });

  it("is about the policy that is judged, and about nobody else", () => {
    expect(evaluateGoals(result, "holdfast")).toEqual([]);
    expect(verdictOf(result, "holdfast")).toEqual({
      message: "No goal is about what was simulated of holdfast.",
      isMet: true,
    });
  });
});
