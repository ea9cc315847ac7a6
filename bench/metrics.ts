import type { Figure, PartResult } from "./result.ts";
import { type Summary, summarize } from "./statistics.ts";

/** Titles with units, by the key that figures have, in the order of the report's columns. */
export const METRICS: Readonly<Record<string, string>> = {
  CPU: "CPU us/call",
  p50: "p50 us",
  p90: "p90 us",
  p99: "p99 us",
  "p99.9": "p99.9 us",
  "p99.99": "p99.99 us",
  heap: "heap bytes/call",
  stall: "stall ms",
  rate: "calls/s",
  cpuPart: "CPU us/part",
  firstPart: "first part us",
  importTime: "time ms",
  importCPU: "CPU ms",
  bundle: "bytes",
  bundleGzip: "bytes, gzip",
  layerCPU: "CPU us/call added",
  layerHeap: "heap bytes/call added",
  goodput: "calls/s",
  rss: "RSS bytes",
  rssGrowth: "RSS growth bytes",
  heapUsed: "heap used bytes",
  heapGrowth: "heap growth bytes",
  sockets: "sockets left",
  listeners: "listeners left",
  timers: "timers left",
};

export function figureOf(
  { figures }: Pick<PartResult, "figures">,
  client: string,
  work: string,
  metric: string,
): Figure | undefined {
  return figures.find(
    (figure) => figure.client === client && figure.work === work && figure.metric === metric,
  );
}

/** A client's figure over all rounds; `undefined` where it was not measured. */
export function summaryOf(
  result: Pick<PartResult, "figures">,
  client: string,
  work: string,
  metric: string,
): Summary | undefined {
  const figure = figureOf(result, client, work, metric);
  return figure && summarize(figure.values);
}

/** The kinds of work of a part, in the order in which they were measured. */
export function worksOf({ figures }: Pick<PartResult, "figures">): string[] {
  return [...new Set(figures.map(({ work }) => work))];
}
