import { BASELINE } from "./client-catalogue.ts";
import { CPU, METRICS, summaryOf } from "./metrics.ts";
import type { BenchResult } from "./result.ts";
import { headroomOf } from "./server/headroom.ts";
import { formatFigure, formatRatio, formatSummary } from "./statistics.ts";
import { formatTable } from "./table.ts";

const BYTES_PER_GB = 2 ** 30;
const BYTES_PER_KB = 2 ** 10;

/** The whole report as text: what was measured, on what, and a table for each concurrency. */
export function formatReport(result: BenchResult): string {
  const tables = result.concurrencies.flatMap((concurrency) => [
    "",
    ...formatConcurrency(result, concurrency),
  ]);
  const legend = Object.entries(result.clients).map(([name, description]) => [name, description]);
  const width = Math.max(...legend.map(([name]) => name!.length));
  return [
    ...formatHeader(result),
    ...tables,
    "",
    `Figures are medians of ${result.rounds.length} rounds (min - max); ratios are of medians, to ${BASELINE}.`,
    ...legend.map(([name, description]) => `  ${name!.padEnd(width)}  ${description}`),
  ].join("\n");
}

/** The peers, cheapest first behind the baseline. */
export function rankedClients(result: BenchResult): string[] {
  const busiest = result.concurrencies[0] ?? 1;
  const cpu = (name: string) => summaryOf(result, name, CPU, busiest)?.median ?? 0;
  const rest = Object.keys(result.clients).filter((name) => name !== BASELINE);
  return [BASELINE, ...rest.sort((a, b) => cpu(a) - cpu(b))];
}

function formatHeader(result: BenchResult): string[] {
  const { machine, packages, work, plan } = result;
  const headroom = headroomOf(result);
  const memory = formatFigure(machine.memoryBytes / BYTES_PER_GB);
  const busy = machine.loadAverage >= machine.cores;
  return [
    `What a call costs its client: ${formatBytes(work.requestBytes)} up, ${formatBytes(work.responseBytes)} down, ` +
      "plain HTTP/1.1 keep-alive on loopback",
    "",
    `date      ${result.startedAt}`,
    `machine   ${machine.cpu}, ${machine.cores} cores, ${memory} GB, load average ${machine.loadAverage.toFixed(2)}`,
    ...(busy ? ["          busy with other work: expect wide ranges and skewed ratios"] : []),
    `system    ${machine.system}, Node ${machine.node}, V8 ${machine.v8}`,
    `packages  ${Object.entries(packages)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}`,
    `method    ${plan.rounds} rounds, order reversed each round; a fresh process per client and round; ` +
      `windows of ${plan.windowMs} ms`,
    "          CPU = user + system time of the client's process; heap = bytes allocated on the JavaScript heap",
    `server    ${formatFigure(headroom.rawPerSecond)} requests/s with raw sockets, ` +
      `${formatRatio(headroom.rawPerSecond, headroom.fastestPerSecond)} the fastest client (${headroom.fastestClient})`,
  ];
}

function formatConcurrency(result: BenchResult, concurrency: number): string[] {
  const metrics = METRICS.filter((metric) => summaryOf(result, BASELINE, metric, concurrency) !== undefined);
  const header = [`${concurrency} in flight`, ...metrics.flatMap(({ title }) => [title, "ratio"])];
  const rows = rankedClients(result).map((name) => [
    name,
    ...metrics.flatMap((metric) => {
      const summary = summaryOf(result, name, metric, concurrency);
      const base = summaryOf(result, BASELINE, metric, concurrency);
      if (summary === undefined || base === undefined) return ["-", "-"];
      return [formatSummary(summary), formatRatio(summary.median, base.median)];
    }),
  ]);
  return formatTable(header, rows);
}

function formatBytes(bytes: number): string {
  return bytes < BYTES_PER_KB
    ? `${bytes} bytes`
    : `${formatFigure(bytes / BYTES_PER_KB).replace(/\.0+$/, "")} KB`;
}
