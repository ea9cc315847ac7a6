import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evaluateGoal, GOALS } from "../../bench/goals.ts";
import { RAW_RESULTS, readParts } from "../../bench/part-file.ts";
import { NO_RESULTS } from "../../bench/report/document.ts";
import { RESULTS, renderReport } from "../../bench/report/write.ts";

const parts = readParts(RAW_RESULTS);
const rendered = renderReport(parts);

/** Paths below the directory of results, but for the raw ones. */
function committedFiles(): string[] {
  return readdirSync(RESULTS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath !== RAW_RESULTS)
    .map((entry) => join(entry.parentPath, entry.name).slice(RESULTS.length + 1))
    .sort();
}

describe("the committed report", () => {
  it("is what `npm run bench:report` makes of the committed raw results, to the byte", () => {
    expect(committedFiles()).toEqual([...rendered.keys()].sort());
    const stale = [...rendered].filter(
      ([name, content]) => readFileSync(join(RESULTS, name), "utf8") !== content,
    );
    expect(stale.map(([name]) => name)).toEqual([]);
  });

  it("has a figure for every goal: one that no figure is of could never be missed", () => {
    const unmeasured = GOALS.filter((goal) => evaluateGoal(goal, parts).part === undefined);
    expect(unmeasured.map(({ title }) => title)).toEqual([]);
  });

  it("says whether there are results", () => {
    expect(rendered.get("report.md")!.includes(NO_RESULTS)).toBe(parts.length === 0);
  });
});
