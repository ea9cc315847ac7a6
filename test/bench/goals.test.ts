import { describe, expect, it } from "vitest";
import { evaluateGoal, GOALS, type Goal } from "../../bench/goals.ts";
import { goalsTable } from "../../bench/report/goals-table.ts";
import { nodeVersionsTable } from "../../bench/report/node-versions.ts";
import { figure, partResult } from "./part-results.ts";

const WORK = "1 KB, 64 in flight";
const RATIO: Goal = { title: "CPU", work: WORK, metric: "CPU", per: { client: "undici" }, bound: 1.2 };

function cpu(own: number[], undici: number[]) {
  return partResult({
    figures: [figure("holdfast", WORK, "CPU", ...own), figure("undici", WORK, "CPU", ...undici)],
  });
}

describe("a goal", () => {
  it("is a ratio of two clients' medians, and met up to its bound", () => {
    expect(evaluateGoal(RATIO, [cpu([12, 99, 11], [10, 1, 10])])).toMatchObject({ value: 1.2, isMet: true });
    expect(evaluateGoal(RATIO, [cpu([12.1], [10])])).toMatchObject({ isMet: false });
  });

  it("names the part that its figures are from", () => {
    const [other, part] = [partResult({ part: "tls", figures: [] }), cpu([12], [10])];
    expect(evaluateGoal(RATIO, [other, part]).part).toBe(part);
  });

  it("is not measured where a figure is missing, or where there is nothing to divide by", () => {
    const unmeasured = { value: undefined, isMet: undefined, part: undefined };
    expect(evaluateGoal(RATIO, [])).toMatchObject(unmeasured);
    expect(
      evaluateGoal(RATIO, [partResult({ figures: [figure("holdfast", WORK, "CPU", 1)] })]),
    ).toMatchObject(unmeasured);
    expect(evaluateGoal(RATIO, [cpu([12], [0])])).toMatchObject(unmeasured);
  });

  it("is missed by a client that did not hold the rate that the others have a latency at", () => {
    const [work, base] = [
      "1 KB, open loop, 20,000/s",
      figure("undici", "1 KB, open loop, 20,000/s", "p50", 300),
    ];
    const part = partResult({ figures: [base, figure("holdfast", work, "rate", 18_000)] });
    const missed = evaluateGoal(GOALS.find(({ title }) => title === "p50, open loop")!, [part]);
    expect(missed).toMatchObject({ value: undefined, isMet: false, part });
    expect(goalsTable([part]).rows).toContainEqual(
      expect.arrayContaining(["p50, open loop", "1.15 x undici", "rate not held", "missed"]),
    );
  });

  it("does not mix the figures of two parts, which may be of two machines", () => {
    const own = partResult({ part: "tls", figures: [figure("holdfast", WORK, "CPU", 12)] });
    const base = partResult({ figures: [figure("undici", WORK, "CPU", 10)] });
    expect(evaluateGoal(RATIO, [own, base]).value).toBeUndefined();
  });

  it("may be a value in the unit that is shown", () => {
    const goal: Goal = { title: "bundle", work: "bundled", metric: "bundle", bound: 120 };
    const part = partResult({ figures: [figure("holdfast", "bundled", "bundle", 119_500)] });
    expect(evaluateGoal(goal, [part])).toMatchObject({ value: 119.5, isMet: true });
  });

  describe("of stalls", () => {
    const goal = GOALS.find(({ metric }) => metric === "stall")!;
    const stalls = (own: number, machine?: number) =>
      partResult({
        figures: [
          figure("holdfast", "5 MB, 64 in flight", "stall", own),
          ...(machine === undefined ? [] : [figure("machine", "5 MB, 64 in flight", "stall", machine)]),
        ],
      });

    it.each([
      [0.9, 3, true],
      [1.1, 0.4, false],
      [1.1, 1, false],
      [1.1, undefined, false],
    ])("at %d ms, where the machine alone has %j, is met: %j", (own, machine, isMet) => {
      const outcome = evaluateGoal(goal, [stalls(own, machine)]);
      expect(outcome).toMatchObject({ value: own, isMet });
      expect(outcome.floor).toBeUndefined();
    });

    it("is not judged where the machine alone stops the loop for longer than the bound, and the tables say so", () => {
      const part = stalls(2.5, 1.75);
      expect(evaluateGoal(goal, [part])).toMatchObject({ value: 2.5, isMet: undefined, floor: 1.75, part });
      expect(goalsTable([part]).rows).toContainEqual(
        expect.arrayContaining(["2.50 ms", "cannot be told: the machine alone 1.75"]),
      );
      const newer = { ...part, machine: { ...part.machine, node: "24.1.0" } };
      const versions = nodeVersionsTable([stalls(0.8, 0.5), newer])!;
      expect(versions.rows.find(([title]) => title === goal.title)?.slice(-2)).toEqual([
        "0.800",
        "2.50 (machine 1.75)",
      ]);
    });
  });

  it("may be of something else than the client, such as layers taken together", () => {
    const goal = GOALS.find(({ metric }) => metric === "layerCPU")!;
    const layers = figure("resilience layers together", "1 KB, null transport", "layerCPU", 4, 6, 7);
    expect(evaluateGoal(goal, [partResult({ figures: [layers] })])).toMatchObject({ value: 6, isMet: true });
  });

  it("may be a share of another metric of the same client", () => {
    const goal = GOALS.find(({ metric }) => metric === "rssGrowth")!;
    const [rss, growth] = (["rss", "rssGrowth"] as const).map((metric, index) =>
      figure("holdfast", "1,000,000 calls", metric, [1e8, 4e6][index]!),
    );
    expect(evaluateGoal(goal, [partResult({ figures: [rss!, growth!] })])).toMatchObject({
      value: 0.04,
      isMet: true,
    });
    expect(evaluateGoal(goal, [partResult({ figures: [growth!] })]).value).toBeUndefined();
  });

  it("takes the worst round where it forbids a leak", () => {
    const leaks = GOALS.find(({ title }) => title === "leaked sockets")!;
    const part = (...left: number[]) =>
      partResult({ figures: [figure("holdfast", "1,000,000 calls", "sockets", ...left)] });
    expect(evaluateGoal(leaks, [part(0, 0, 1)])).toMatchObject({ value: 1, isMet: false });
    expect(evaluateGoal(leaks, [part(0, 0, 0)])).toMatchObject({ value: 0, isMet: true });
  });

  it("may be at any rate of the open loop", () => {
    const goal = GOALS.find(({ metric }) => metric === "p99")!;
    const work = "1 KB, open loop, 5,120/s";
    const part = partResult({
      figures: [figure("holdfast", work, "p99", 6), figure("undici", work, "p99", 5)],
    });
    expect(evaluateGoal(goal, [part])).toMatchObject({ value: 1.2, isMet: false });
  });
});

describe("the table of goals", () => {
  it("has every goal, with bound, value, verdict, command and revision", () => {
    const { rows } = goalsTable([partResult()]);
    expect(rows).toHaveLength(GOALS.length);
    expect(rows[0]).toEqual([
      "CPU, 1 KB, 64 in flight",
      "1.2 x undici",
      "1.13 x undici",
      "met",
      "npm run bench -- --parts closed-loop --save",
      "0123abc",
    ]);
    expect(rows).toContainEqual([
      "heap per call, 1 KB",
      "13,312 bytes/call",
      "12,000 bytes/call",
      "met",
      rows[0]![4],
      "0123abc",
    ]);
  });

  it("says of the others that they were not measured, and nothing more", () => {
    expect(goalsTable([]).rows.map((row) => row.slice(2))).toEqual(
      GOALS.map(() => ["not measured", "-", "-", "-"]),
    );
  });

  it("says where a run was quick", () => {
    expect(goalsTable([partResult({ isQuick: true })]).rows[0]![4]).toMatch(/ \(quick\)$/);
  });
});
