import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RAW_FILE, RESULTS, renderReport } from "../../bench/simulate/report/write.ts";
import type { SimulationResult } from "../../bench/simulate/result.ts";

describe("the committed report of the simulator", () => {
  it("is what the committed result gives, to the byte", () => {
    const result: SimulationResult = JSON.parse(readFileSync(join(RESULTS, RAW_FILE), "utf8"));
    const rendered = renderReport(result);
    const committed = readdirSync(RESULTS, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== RAW_FILE)
      .map((entry) => join(entry.parentPath, entry.name).slice(RESULTS.length + 1));
    expect(committed.sort()).toEqual([...rendered.keys()].sort());
    const stale = [...rendered].filter(([name, text]) => readFileSync(join(RESULTS, name), "utf8") !== text);
    expect(stale.map(([name]) => name)).toEqual([]);
  });
});
