import { BASELINE } from "./client-catalogue.ts";
import { METRICS, summaryOf, worksOf } from "./metrics.ts";
import type { PartResult } from "./result.ts";
import { formatFigure, formatRatio, formatSummary } from "./statistics.ts";
import { formatTable } from "./table.ts";

const BYTES_PER_GB = 2 ** 30;

/** Everything that was measured as text: on what, a table for each kind of work, and who was measured. */
export function formatReport(parts: readonly PartResult[]): string {
  return parts.flatMap(formatPart).join("\n");
}

function formatPart(part: PartResult, index: number): string[] {
  const legend = Object.entries(part.clients);
  const width = Math.max(0, ...legend.map(([name]) => name.length));
  return [
    ...(index === 0 ? formatHeader(part) : []),
    "",
    `${part.part}: medians of ${part.rounds} rounds (min - max), ratios of medians to ${BASELINE}`,
    ...worksOf(part).flatMap((work) => ["", ...formatWork(part, work)]),
    "",
    ...legend.map(([name, description]) => `  ${name.padEnd(width)}  ${description}`),
  ];
}

function formatHeader({ machine, packages, startedAt, revision }: PartResult): string[] {
  const busy = machine.loadAverage >= machine.cores;
  const memory = formatFigure(machine.memoryBytes / BYTES_PER_GB);
  return [
    `date      ${startedAt}, revision ${revision}`,
    `machine   ${machine.cpu}, ${machine.cores} cores, ${memory} GB, load average ${machine.loadAverage.toFixed(2)}`,
    ...(busy ? ["          busy with other work: expect wide ranges and skewed ratios"] : []),
    `system    ${machine.system}, Node ${machine.node}, V8 ${machine.v8}`,
    `packages  ${Object.entries(packages)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}`,
  ];
}

function formatWork(part: PartResult, work: string): string[] {
  const figures = part.figures.filter((figure) => figure.work === work);
  const clients = [...new Set(figures.map(({ client }) => client))];
  const keys = Object.keys(METRICS).filter((key) => figures.some(({ metric }) => metric === key));
  const rows = clients.map((client) => [client, ...keys.flatMap((key) => cellsOf(part, client, work, key))]);
  return formatTable([work, ...keys.flatMap((key) => [METRICS[key]!, "ratio"])], rows);
}

function cellsOf(part: PartResult, client: string, work: string, metric: string): string[] {
  const summary = summaryOf(part, client, work, metric);
  if (summary === undefined) return ["-", "-"];
  const base = summaryOf(part, BASELINE, work, metric);
  return [formatSummary(summary), base === undefined ? "-" : formatRatio(summary.median, base.median)];
}
