import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBench } from "../../bench/build.ts";
import { peerNames } from "../../bench/client-catalogue.ts";
import { SCENARIOS, titleOf } from "../../bench/faults/scenario.ts";
import type { Measured, PartRun } from "../../bench/part.ts";
import { PARTS } from "../../bench/part-catalogue.ts";
import { measure as measureBundle } from "../../bench/parts/bundle.ts";
import { measure as measureClosedLoop } from "../../bench/parts/closed-loop.ts";
import { measure as measureFaults } from "../../bench/parts/faults.ts";
import { measure as measureImport } from "../../bench/parts/import.ts";
import { measure as measureLayers } from "../../bench/parts/layers.ts";
import { summarizeRate } from "../../bench/parts/open-loop.ts";
import { growthOf, measure as measureSoak, rssTrendOf } from "../../bench/parts/soak.ts";
import { measure as measureStreams } from "../../bench/parts/streams.ts";
import { measure as measureTls } from "../../bench/parts/tls.ts";
import { LARGE_WORK } from "../../bench/work.ts";

let build: URL;
beforeAll(async () => {
  build = await buildBench();
}, 60_000);
afterAll(() => rmSync(new URL("../../", build), { recursive: true }));

const runOf = (...clients: string[]): PartRun => ({
  build,
  clients,
  rounds: 1,
  isQuick: true,
  soakMinutes: 1,
  soakRatePerSecond: 100,
  onProgress: () => {},
});

/** The metrics of a client at one kind of work, each with a value that was measured. */
function metricsOf({ figures }: Measured, client: string, work: string): string[] {
  const own = figures.filter((figure) => figure.client === client && figure.work === work);
  expect(own.filter(({ values }) => values.length !== 1 || !Number.isFinite(values[0]))).toEqual([]);
  return own.map(({ metric }) => metric).sort();
}

const LOOP = {
  warmUpCalls: 10,
  warmUpMs: 0,
  warmUpMaxMs: 1_000,
  settleMs: 20,
  windowMs: 40,
  stallMs: 20,
  allocationCalls: 10,
};

/** A load server that may have been the bottleneck leaves out what it bounds, and nothing else. */
function loopMetrics({ doubts }: Measured, ...more: string[]): string[] {
  expect(doubts.filter((doubt) => !doubt.includes("the load server is the bottleneck"))).toEqual([]);
  return ["CPU", "stall", ...more, ...(doubts.length > 0 ? [] : ["p50", "p99", "rate"])].sort();
}

describe("the parts", () => {
  it("leave no peer out", () => {
    const measured = new Set(PARTS.flatMap(({ clients }) => clients));
    expect(peerNames().filter((name) => !measured.has(name))).toEqual([]);
  });

  it("have names of their own, and a client each", () => {
    expect(new Set(PARTS.map(({ name }) => name)).size).toBe(PARTS.length);
    expect(PARTS.filter(({ clients }) => clients.length === 0)).toEqual([]);
    expect(
      PARTS.filter(({ quickClients, clients }) => quickClients.some((name) => !clients.includes(name))),
    ).toEqual([]);
  });
});

// Whether the server had headroom in so short a window depends on what else the machine does, so a doubt is as good.
describe("a short run of the part", () => {
  it("closed-loop measures large bodies at both concurrencies", async () => {
    const measured = await measureClosedLoop(runOf("undici"), [{ work: LARGE_WORK, plan: LOOP }]);
    expect(metricsOf(measured, "machine", "5 MB, 64 in flight")).toEqual(["stall"]);
    expect(metricsOf(measured, "machine", "5 MB, 1 in flight")).toEqual(["stall"]);
    expect(measured.clients).toHaveProperty("machine");
    expect(metricsOf(measured, "undici", "5 MB, 64 in flight")).toEqual(loopMetrics(measured, "heap"));
    expect(metricsOf(measured, "undici", "5 MB, 1 in flight")).toEqual(loopMetrics(measured));
  });

  it("tls measures over a connection that the client trusts", async () => {
    const measured = await measureTls(runOf("holdfast"), LOOP);
    const work = "1 KB, 64 in flight, TLS";
    expect(metricsOf(measured, "holdfast", work)).toEqual(loopMetrics(measured, "heap"));
  });

  it("streams measures whole streams", async () => {
    const measured = await measureStreams(runOf("undici", "holdfast"), { warmUpStreams: 1, streams: 1 });
    expect(metricsOf(measured, "undici", "stream of 10,000 parts")).toEqual(["cpuPart", "firstPart"]);
    expect(metricsOf(measured, "holdfast", "stream of 10,000 parts")).toEqual(["cpuPart", "firstPart"]);
  });

  it("import measures Node's own start beside the clients", async () => {
    const measured = await measureImport(runOf("holdfast"), { processesPerRound: 1 });
    const work = "cold import and first client";
    expect(metricsOf(measured, "holdfast", work)).toEqual(["importCPU", "importTime"]);
    expect(metricsOf(measured, "node", work)).toEqual(["importCPU", "importTime"]);
  });

  it("bundle measures the core as a part of the whole", async () => {
    const { figures } = await measureBundle(runOf("holdfast"));
    const bytes = (work: string) => figures.find((f) => f.work === work && f.metric === "bundle")!.values[0]!;
    expect(bytes("core, bundled and minified")).toBeGreaterThan(50_000);
    expect(bytes("core, bundled and minified")).toBeLessThan(bytes("bundled and minified"));
  });

  it("layers measures the layers that there are, and leaves out the others", async () => {
    const plan = { warmUpCalls: 10, windowMs: 5, pairs: 1, allocationCalls: 10 };
    const group = (name: string, ...layers: string[]) => ({ name, description: name, layers });
    const groups = [group("sign", "sign"), group("none", "noSuchLayer")];
    const measured = await measureLayers(runOf("holdfast"), plan, groups);
    expect(metricsOf(measured, "sign", "1 KB, null transport")).toEqual(["layerCPU", "layerHeap"]);
    expect(metricsOf(measured, "holdfast", "1 KB, null transport")).toEqual(["CPU", "heap"]);
    expect(measured.figures.some(({ client }) => client === "none")).toBe(false);
  });

  it("faults measures both clients over real sockets", async () => {
    const scenario = { ...SCENARIOS.find(({ fault }) => fault.kind === "crash")!, ratePerSecond: 40 };
    const short = { ...scenario, beforeMs: 500, faultMs: 500, afterMs: 500 };
    const measured = await measureFaults(runOf("aws-sdk", "holdfast"), [short]);
    if (measured.doubts.length > 0) {
      expect(measured.doubts).toEqual([expect.stringMatching(/ started a call \d+ ms late, /)]);
      return expect(measured.figures).toEqual([]);
    }
    const metrics = ["attempts", "recovery", "servedAfter", "servedIll"];
    expect(metricsOf(measured, "aws-sdk", titleOf(short))).toEqual(metrics);
    expect(metricsOf(measured, "holdfast", titleOf(short))).toEqual(metrics);
    expect(measured.curves.map(({ points }) => points.length)).toEqual([3, 3]);
  }, 30_000);

  it("soak measures what is held and what is left, also over time", async () => {
    const length = { durationMs: 500, ratePerSecond: 100 };
    const measured = await measureSoak(runOf("holdfast"), () => ({ work: "w", length, sampleEveryMs: 10 }));
    expect(metricsOf(measured, "holdfast", "w")).toEqual(
      [
        ...["goodput", "heapGrowth", "heapUsed", "listeners", "rss", "rssGrowth"],
        ...["rssTrend", "rssTrendBound", "sockets", "timers"],
      ].sort(),
    );
    const left = measured.figures.filter(({ metric }) => ["sockets", "listeners", "timers"].includes(metric));
    expect(left.map(({ values }) => values[0])).toEqual([0, 0, 0]);
    expect(measured.curves.map(({ metric }) => metric)).toContain("rss");
    expect(measured.curves[0]!.points.length).toBeGreaterThan(2);
  });
});

describe("an open loop's figures", () => {
  const sustained = (p50: number) => ({
    isSustained: true,
    achievedPerSecond: 100,
    latencyUs: [[0.5, p50]] as const,
  });

  it("have a value per round, and a curve of their medians", () => {
    const { figures, curves } = summarizeRate("c", "w", [sustained(7), sustained(9), sustained(8)]);
    expect(figures.map(({ metric, values }) => [metric, values])).toEqual([
      ["p50", [7, 9, 8]],
      ["rate", [100, 100, 100]],
    ]);
    expect(curves.map(({ points }) => points)).toEqual([[[0.5, 8]]]);
  });

  it("have no latency where the rate was too much in any round, only what was achieved", () => {
    const { figures, curves } = summarizeRate("c", "w", [
      sustained(7),
      { isSustained: false, achievedPerSecond: 60, latencyUs: [] },
    ]);
    expect(figures.map(({ metric, values }) => [metric, values])).toEqual([["rate", [100, 60]]]);
    expect(curves).toEqual([]);
  });
});

describe("the growth of memory", () => {
  const point = (rss: number) => ({
    seconds: 0,
    calls: 0,
    goodput: 0,
    rss,
    heapUsed: 0,
    sockets: 0,
    listeners: 0,
    timers: 0,
  });

  it("is from the second fifth to the last, so that warming up is none", () => {
    expect(growthOf([1, 50, 50, 50, 53].map(point))).toBe(3);
    expect(growthOf([1, 1, 50, 52, 90, 10, 50, 50, 51, 52].map(point))).toBe(0.5);
  });

  it("is unknown where there are too few samples", () => {
    expect(growthOf([point(1), point(2)])).toBeUndefined();
    expect(rssTrendOf([point(1), point(2)])).toBeUndefined();
  });

  it("is a trend in bytes for each call of the second half, whatever the first half did", () => {
    const points = Array.from({ length: 100 }, (_, index) => ({
      ...point(index < 50 ? 1_000 * index : 50_000 + 30 * index),
      calls: 10 * index,
    }));
    expect(rssTrendOf(points)).toMatchObject({ slope: 3, lower: 3, upper: 3 });
  });
});
