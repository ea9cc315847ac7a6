import { BASELINE } from "./client-catalogue.ts";
import { METRICS, type Metric, summaryOf } from "./metrics.ts";
import { rankedClients } from "./report.ts";
import type { BenchResult } from "./result.ts";
import { formatFigure, formatRatio } from "./statistics.ts";
import { formatTable } from "./table.ts";

/**
 * What changed since an earlier result, as text. `now/then` compares absolute figures, which only means something
 * on the same machine in the same state; the ratios to the baseline travel.
 */
export function formatComparison(now: BenchResult, then: BenchResult): string {
  const lines = [
    `Compared with the result of ${then.startedAt} (${then.machine.cpu}, Node ${then.machine.node})`,
  ];
  if (!isSameMachine(now, then))
    lines.push("Another machine or Node version: only the ratios can be compared.");
  for (const concurrency of now.concurrencies) {
    lines.push("", ...compareAt(concurrency, now, then));
  }
  return lines.join("\n");
}

function isSameMachine({ machine: a }: BenchResult, { machine: b }: BenchResult): boolean {
  return a.cpu === b.cpu && a.cores === b.cores && a.system === b.system && a.node === b.node;
}

function compareAt(concurrency: number, now: BenchResult, then: BenchResult): string[] {
  const rows = rankedClients(now).flatMap((name) =>
    METRICS.map((metric) => compareMetric(name, metric, concurrency, now, then)).filter(
      (row) => row !== undefined,
    ),
  );
  return formatTable(
    [`${concurrency} in flight`, "", "then", "now", "now/then", `to ${BASELINE} then`, "now"],
    rows,
  );
}

/** One row, or none where either result lacks the figure: a peer or a metric that is new. */
function compareMetric(
  name: string,
  metric: Metric,
  concurrency: number,
  now: BenchResult,
  then: BenchResult,
): string[] | undefined {
  const [nowMedian, nowBase, thenMedian, thenBase] = [now, then].flatMap((result) => [
    summaryOf(result, name, metric, concurrency)?.median,
    summaryOf(result, BASELINE, metric, concurrency)?.median,
  ]);
  if (nowMedian === undefined || nowBase === undefined) return undefined;
  if (thenMedian === undefined || thenBase === undefined) return undefined;
  return [
    name,
    metric.title,
    formatFigure(thenMedian),
    formatFigure(nowMedian),
    formatRatio(nowMedian, thenMedian),
    formatRatio(thenMedian, thenBase),
    formatRatio(nowMedian, nowBase),
  ];
}
