import { worksOf } from "../metrics.ts";
import type { PartResult } from "../result.ts";
import { formatTable } from "../table.ts";
import { goalsTable } from "./goals-table.ts";
import { provenanceOf } from "./provenance.ts";
import { metricsOf, type Table, workTable } from "./tables.ts";
import { titleOf } from "./titles.ts";

/** More metrics side by side than these are wider than a terminal. */
const MAX_METRICS_PER_TABLE = 3;

/** Everything that was measured, as text: where it is from, a table for each kind of work, and the goals. */
export function formatReport(parts: readonly PartResult[]): string {
  if (parts.length === 0) return "Nothing was measured.";
  const goals = goalsTable(parts);
  const measured = goals.rows.filter((row) => row[2] !== "not measured");
  return [
    ...parts.flatMap(formatPart),
    ...(measured.length > 0 ? toText({ header: goals.header, rows: measured }) : []),
  ]
    .join("\n")
    .trimEnd();
}

function formatPart(part: PartResult): string[] {
  const provenance = provenanceOf(part);
  const legend = Object.entries(part.clients);
  const width = Math.max(0, ...legend.map(([name]) => name.length));
  return [
    titleOf(part.part),
    "",
    ...provenance.map(([label, text]) => `${label.padEnd(8)}  ${text}`),
    "",
    ...worksOf(part).flatMap((work) => formatWork(part, work)),
    ...legend.map(([name, description]) => `  ${name.padEnd(width)}  ${description}`),
    "",
  ];
}

function formatWork(part: PartResult, work: string): string[] {
  const metrics = metricsOf(part, work);
  const lines: string[] = [];
  for (let start = 0; start < metrics.length; start += MAX_METRICS_PER_TABLE) {
    lines.push(...toText(workTable(part, work, metrics.slice(start, start + MAX_METRICS_PER_TABLE))));
  }
  return lines;
}

function toText({ header, rows }: Table): string[] {
  return [...formatTable(header, rows), ""];
}
