import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UNITS } from "../../bench/mutation/options.ts";
import { renderMutationReport } from "../../bench/mutation/report.ts";
import { type MutationSummary, scoreOf, totalOf } from "../../bench/mutation/summary.ts";

const read = (name: string) => readFileSync(new URL(`../../bench/mutation/${name}`, import.meta.url), "utf8");
const summary: MutationSummary = JSON.parse(read("report.json"));

describe("the committed report of mutation testing", () => {
  it("is what the committed counts give, to the byte", () => {
    expect(read("report.md")).toBe(renderMutationReport(summary));
  });

  it("says so where not all units were mutated", () => {
    const warning = "Only the units below";
    expect(renderMutationReport({ ...summary, mutated: UNITS })).not.toContain(warning);
    expect(renderMutationReport({ ...summary, mutated: "lib/resilience/keyed.ts" })).toContain(warning);
  });

  it("counts as found what a test noticed and what did not come to an end, of all that could be judged", () => {
    const unit = { file: "a.ts", killed: 5, timedOut: 1, survived: 1, notCovered: 1 };
    expect(scoreOf(unit)).toBe(75);
    expect(scoreOf(totalOf([unit, { ...unit, killed: 1 }]))).toBeCloseTo(66.67, 2);
  });
});
