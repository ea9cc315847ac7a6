import { BASELINE } from "./client-catalogue.ts";
import { headingOf, summaryOf } from "./metrics.ts";
import type { Figure, PartResult } from "./result.ts";
import { formatFigure, formatRatio, summarize } from "./statistics.ts";
import { formatTable } from "./table.ts";

/**
 * What changed since an earlier result, as text, for the parts that both have. `now/then` compares absolute figures,
 * which only means something on the same machine in the same state; the ratios to the baseline travel.
 */
export function formatComparison(now: readonly PartResult[], then: readonly PartResult[]): string {
  const sections = now.flatMap((part) => {
    const earlier = then.find((candidate) => candidate.part === part.part);
    return earlier === undefined ? [] : [comparePart(part, earlier)];
  });
  if (sections.length > 0) return sections.map((lines) => lines.join("\n")).join("\n\n");
  return "Nothing to compare: the earlier result has none of the parts that were measured.";
}

function comparePart(now: PartResult, then: PartResult): string[] {
  const { startedAt, revision, machine } = then;
  const rows = now.figures.flatMap((figure) => compareFigure(figure, now, then));
  const header = [now.part, "", "", "then", "now", "now/then", `to ${BASELINE} then`, "now"];
  return [
    `Compared with ${now.part} of ${startedAt}, revision ${revision} (${machine.cpu}, Node ${machine.node})`,
    ...warnings(now, then),
    ...formatTable(header, rows),
  ];
}

function warnings(now: PartResult, then: PartResult): string[] {
  const lines: string[] = [];
  if (!isSameMachine(now, then))
    lines.push("Another machine or Node version: only the ratios can be compared.");
  if (now.isQuick !== then.isQuick) {
    lines.push("One run was quick and the other was not: a quick one is less warm and has wider ranges.");
  }
  if (now.hasOwnCores !== then.hasOwnCores) {
    lines.push(
      "Client and load server had a core each in one run and not in the other: CPU and latency differ by that alone.",
    );
  }
  return lines;
}

function isSameMachine({ machine: a }: PartResult, { machine: b }: PartResult): boolean {
  return a.cpu === b.cpu && a.cores === b.cores && a.system === b.system && a.node === b.node;
}

/** One row, or none where the earlier result lacks the figure: a peer or a metric that is new. */
function compareFigure(figure: Figure, now: PartResult, then: PartResult): string[][] {
  const { client, work, metric } = figure;
  const earlier = then.figures.find(
    (candidate) =>
      candidate.client === client && candidate.metric === metric && kindOf(candidate.work) === kindOf(work),
  );
  if (earlier === undefined) return [];
  const [nowMedian, thenMedian] = [summarize(figure.values).median, summarize(earlier.values).median];
  const ratioTo = (result: PartResult, { work }: Figure, median: number) => {
    const base = summaryOf(result, BASELINE, work, metric)?.median;
    return base === undefined ? "-" : formatRatio(median, base);
  };
  return [
    [
      client,
      work,
      headingOf(metric),
      formatFigure(thenMedian),
      formatFigure(nowMedian),
      formatRatio(nowMedian, thenMedian),
      ratioTo(then, earlier, thenMedian),
      ratioTo(now, figure, nowMedian),
    ],
  ];
}

/** An open loop's title has a rate that depends on the run; the kind of work does not. */
function kindOf(work: string): string {
  return work.replace(/open loop, [\d,]+\/s/, "open loop");
}
