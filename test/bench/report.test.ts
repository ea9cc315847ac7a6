import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ClientSample } from "../../bench/child/task.ts";
import { formatComparison } from "../../bench/compare.ts";
import { BenchError, UsageError } from "../../bench/errors.ts";
import { formatReport } from "../../bench/report.ts";
import { type BenchResult, newResult, readResult, writeResult } from "../../bench/result.ts";
import { checkHeadroom, headroomOf } from "../../bench/server/headroom.ts";
import { QUICK_PLAN, SMALL_WORK } from "../../bench/work.ts";

const directory = mkdtempSync(join(tmpdir(), "bench-report-"));

/** 1,000 calls in each window, at `cpuUs` a call with 64 in flight and twice that with one. */
function sample(cpuUs: number, wallMs = 100): ClientSample {
  const window = (concurrency: number, cpu: number) => ({
    concurrency,
    calls: 1_000,
    wallMs,
    userCpuUs: cpu * 600,
    systemCpuUs: cpu * 400,
    p50Us: cpu * 10,
  });
  return { windows: [window(64, cpuUs), window(1, 2 * cpuUs)], heapBytesPerCall: cpuUs * 100, calls: 5_000 };
}

function result(cpu: Record<string, readonly number[]>, raw = sample(1, 10)): BenchResult {
  const names = Object.keys(cpu);
  const rounds = cpu[names[0]!]!.map((_, index) => ({
    order: names,
    samples: Object.fromEntries(names.map((name) => [name, sample(cpu[name]![index]!)])),
    raw,
  }));
  return newResult({
    startedAt: "2026-01-06T09:00:00.000Z",
    machine: {
      cpu: "A CPU",
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      loadAverage: 0.5,
      system: "linux",
      node: "20.20.2",
      v8: "11",
    },
    packages: { undici: "7.30.2" },
    work: SMALL_WORK,
    concurrencies: [64, 1],
    plan: QUICK_PLAN,
    clients: Object.fromEntries(names.map((name) => [name, `what ${name} is`])),
    rounds,
  });
}

const RESULT = result({ undici: [30, 34, 32], slow: [480, 320, 470], fast: [48, 47, 96] });

describe("the report", () => {
  it("shows median, range and ratio to the baseline, cheapest first behind it", () => {
    const lines = formatReport(RESULT)
      .split("\n")
      .map((line) => line.replaceAll(/ +/g, " "));
    const first = lines.findIndex((line) => line.startsWith("64 in flight"));
    expect(lines.slice(first, first + 4)).toEqual([
      "64 in flight CPU us/call ratio p50 us ratio heap bytes/call ratio",
      "undici 32.0 (30.0 - 34.0) 1.00 x 320 (300 - 340) 1.00 x 3,200 (3,000 - 3,400) 1.00 x",
      "fast 48.0 (47.0 - 96.0) 1.50 x 480 (470 - 960) 1.50 x 4,800 (4,700 - 9,600) 1.50 x",
      "slow 470 (320 - 480) 14.7 x 4,700 (3,200 - 4,800) 14.7 x 47,000 (32,000 - 48,000) 14.7 x",
    ]);
    expect(lines).toContain("fast 96.0 (94.0 - 192) 1.50 x 960 (940 - 1,920) 1.50 x");
  });

  it("states the machine, the versions, the method and the server's headroom", () => {
    const report = formatReport(RESULT);
    expect(report).toContain("A CPU, 2 cores, 8.00 GB, load average 0.50");
    expect(report).toContain("Node 20.20.2");
    expect(report).toContain("undici 7.30.2");
    expect(report).toContain("3 rounds, order reversed each round");
    expect(report).toContain("100,000 requests/s with raw sockets, 10.0 x the fastest client (undici)");
  });
});

describe("a report from a busy machine", () => {
  it("says that the figures suffer, and one from a quiet machine does not", () => {
    const busy = { ...RESULT, machine: { ...RESULT.machine, loadAverage: 2 } };
    expect(formatReport(busy)).toContain("busy with other work");
    expect(formatReport(RESULT)).not.toContain("busy with other work");
  });
});

describe("the headroom of the load server", () => {
  it("passes where raw sockets were clearly faster than every client", () => {
    expect(() => checkHeadroom(headroomOf(RESULT))).not.toThrow();
  });

  it("fails the run where they were not, in one line", () => {
    const tight = headroomOf(result({ undici: [30] }, sample(1, 90)));
    expect(() => checkHeadroom(tight)).toThrow(BenchError);
    expect(() => checkHeadroom(tight)).toThrow(
      /^the load server is the bottleneck: [^\n]*1\.11 x what undici did[^\n]*$/,
    );
  });
});

describe("a comparison", () => {
  const then = result({ undici: [32], slow: [480] });

  it("shows then, now and both ratios, for the peers that both results have", () => {
    const lines = formatComparison(RESULT, then)
      .split("\n")
      .map((line) => line.replaceAll(/ +/g, " "));
    expect(lines).toContain("slow CPU us/call 480 470 0.979 x 15.0 x 14.7 x");
    expect(lines.some((line) => line.startsWith("fast"))).toBe(false);
  });

  it("warns where the machine or the Node version is another", () => {
    const elsewhere = { ...then, machine: { ...then.machine, node: "24.1.0" } };
    expect(formatComparison(RESULT, then)).not.toContain("only the ratios");
    expect(formatComparison(RESULT, elsewhere)).toContain("only the ratios");
  });

  it("reads back what was written", () => {
    const file = join(directory, "result.json");
    writeResult(file, RESULT);
    expect(readResult(file)).toEqual(RESULT);
  });

  it.each([
    ["no JSON", "{", /not JSON/],
    ["no object", "null", /not a result of format 1/],
    ["another format", JSON.stringify({ ...RESULT, format: 2 }), /not a result of format 1/],
    ["no rounds", JSON.stringify({ ...RESULT, rounds: [] }), /not a result of format 1/],
    ["a round without the baseline", JSON.stringify(result({ slow: [3] })), /not a result of format 1/],
  ])("refuses a file with %s in one line that names it", (_, content, expected) => {
    const file = join(directory, "bad.json");
    writeFileSync(file, content);
    expect(() => readResult(file)).toThrow(UsageError);
    expect(() => readResult(file)).toThrow(expected);
    expect(() => readResult(file)).toThrow(/^--compare [^\n]*bad\.json[^\n]*$/);
  });
});
