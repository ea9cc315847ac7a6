import { describe, expect, it } from "vitest";
import type { ClosedLoopSample } from "../../bench/child/closed-loop.ts";
import { closedLoopFigures, standstillFigures } from "../../bench/figures.ts";
import type { Measurement } from "../../bench/lab.ts";
import { SMALL_WORK } from "../../bench/work.ts";

/** 1,000 calls in `wallMs` of each window, at `cpuUs` a call with 64 in flight and twice that with one. */
function measured(cpuUs: number, wallMs = 100, serverUs = 90): Measurement<ClosedLoopSample> {
  const window = (concurrency: number, cpu: number) => ({
    concurrency,
    calls: 1_000,
    wallMs,
    cpuUs: cpu * 1_000,
    p50Us: cpu * 10,
    p99Us: cpu * 20,
    stallMs: 3,
  });
  const windows = [window(64, cpuUs), window(1, 2 * cpuUs)];
  return { sample: { windows, heapBytesPerCall: cpuUs * 100, calls: 5_000 }, serverUs };
}

const figuresOf = (raw: Measurement<ClosedLoopSample>, ...undici: Measurement<ClosedLoopSample>[]) =>
  closedLoopFigures(
    new Map([
      ["raw", [raw]],
      ["undici", undici],
    ]),
    SMALL_WORK,
    [64, 1],
  );

describe("the figures of a closed loop", () => {
  const { figures, doubts } = figuresOf(measured(1, 10), measured(30), measured(34));
  const valuesOf = (client: string, work: string, metric: string) =>
    figures.find((f) => f.client === client && f.work === work && f.metric === metric)?.values;

  it("have a value per round, at each concurrency", () => {
    expect(doubts).toEqual([]);
    expect(valuesOf("undici", "1 KB, 64 in flight", "CPU")).toEqual([30, 34]);
    expect(valuesOf("undici", "1 KB, 1 in flight", "CPU")).toEqual([60, 68]);
    expect(valuesOf("undici", "1 KB, 64 in flight", "p99")).toEqual([600, 680]);
    expect(valuesOf("undici", "1 KB, 64 in flight", "rate")).toEqual([10_000, 10_000]);
  });

  it("have allocation once, for it does not depend on the concurrency", () => {
    expect(valuesOf("undici", "1 KB, 64 in flight", "heap")).toEqual([3_000, 3_400]);
    expect(valuesOf("undici", "1 KB, 1 in flight", "heap")).toBeUndefined();
  });

  it("have the rate of raw sockets, which is the load server's, and nothing else of them", () => {
    expect(figures.filter(({ client }) => client === "raw").map(({ metric }) => metric)).toEqual([
      "rate",
      "rate",
    ]);
  });
});

describe("the stalls of the machine alone", () => {
  it("have a value per round, at each concurrency that clients have", () => {
    const rounds = [{ stallsMs: [0.4, 0.5] }, { stallsMs: [3, 0.6] }];
    expect(standstillFigures(rounds, SMALL_WORK, [64, 1], ", TLS")).toEqual([
      { client: "machine", work: "1 KB, 64 in flight, TLS", metric: "stall", values: [0.4, 3] },
      { client: "machine", work: "1 KB, 1 in flight, TLS", metric: "stall", values: [0.5, 0.6] },
    ]);
  });
});

describe("the headroom of the load server", () => {
  it("is enough where raw sockets were clearly faster than every client, however busy it was", () => {
    expect(figuresOf(measured(1, 10), measured(30, 100, 100)).doubts).toEqual([]);
  });

  it("is enough where it idled, however slow raw sockets were", () => {
    expect(figuresOf(measured(1, 90), measured(30, 100, 80)).doubts).toEqual([]);
  });

  it("leaves out the latency of a client where neither shows it, and says why in one line", () => {
    const { figures, doubts } = figuresOf(measured(1, 90), measured(30, 100, 81));
    const own = figures.filter(({ client, work }) => client === "undici" && work === "1 KB, 64 in flight");
    expect(own.map(({ metric }) => metric)).toEqual(["CPU", "stall", "heap"]);
    expect(doubts).toEqual([
      expect.stringMatching(
        /^1 KB: the load server is the bottleneck: [^\n]*1\.11 x what undici did[^\n]* 81 % of the time[^\n]*$/,
      ),
    ]);
  });
});
