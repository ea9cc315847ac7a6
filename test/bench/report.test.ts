import { describe, expect, it } from "vitest";
import { formatReport } from "../../bench/report.ts";
import { partResult } from "./support.ts";

const RESULT = partResult();

describe("the report", () => {
  it("shows median, range and ratio to the baseline", () => {
    const lines = formatReport([RESULT])
      .split("\n")
      .map((line) => line.replaceAll(/ +/g, " "));
    const first = lines.findIndex((line) => line.startsWith("1 KB, 64 in flight"));
    expect(lines.slice(first, first + 3)).toEqual([
      "1 KB, 64 in flight CPU us/call ratio",
      "undici 32.0 (30.0 - 34.0) 1.00 x",
      "slow 470 (320 - 480) 14.7 x",
    ]);
  });

  it("states the machine, the versions and the number of rounds", () => {
    const report = formatReport([RESULT]);
    expect(report).toContain("A CPU, 2 cores, 8.00 GB, load average 0.50");
    expect(report).toContain("Node 20.20.2");
    expect(report).toContain("undici 7.30.2");
    expect(report).toContain("medians of 3 rounds");
  });

  it("says that the figures suffer where the machine was busy", () => {
    const busy = { ...RESULT, machine: { ...RESULT.machine, loadAverage: 2 } };
    expect(formatReport([busy])).toContain("busy with other work");
    expect(formatReport([RESULT])).not.toContain("busy with other work");
  });
});
