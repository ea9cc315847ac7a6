import type { Outcome } from "../outcome.ts";
import { compareArms } from "./comparison.ts";
import { isSupported, MIN_BEYOND, QUANTILES, quantileName } from "./evidence.ts";
import type { LatencyHistogram } from "./latency-histogram.ts";
import type { LoadResult } from "./load-test.ts";
import type { Measurement, Tally } from "./measurement.ts";
import { axisRange, plotByNines } from "./plot.ts";
import { NOT_KNOWN, recommend } from "./recommendation.ts";
import { count, figure, formatTable, share } from "./table.ts";

/** A mean lateness of this much is not the clock's grain any more: the process is too busy. */
const LATE_MS = 10;

/** The report of a run, line by line. `names` are those of the configurations. */
export function reportLines(result: LoadResult, names: readonly string[]): string[] {
  const totals = result.arms.map(({ total }) => total);
  const sections = [
    callSection(result, totals, names),
    latencySection(totals, names),
    ...plotSections(totals, names),
    ...totals.map((total, arm) => outcomeSection(total, suffix(names, arm))),
    ...totals.map((total, arm) => variantSection(total, suffix(names, arm))),
    comparisonSection(result, names),
    ...totals.map((total, arm) => recommendationSection(total, suffix(names, arm))),
    ["What this run cannot know", ...NOT_KNOWN.map((line) => `  - ${line}`)],
    warnings(result),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, ""]);
}

function suffix(names: readonly string[], arm: number): string {
  return names.length === 1 ? "" : `, ${names[arm]}`;
}

function callSection(
  { peakInFlight }: LoadResult,
  totals: readonly Measurement[],
  names: readonly string[],
): string[] {
  const header = ["Calls", "due", "sent", "succeeded", "failed", "not sent", "successes/s"];
  const rows = totals.map((total, arm) => [
    names[arm]!,
    count(total.sent + total.notSent),
    count(total.sent),
    count(total.ok),
    count(total.ended - total.ok),
    count(total.notSent),
    total.elapsedMs === 0 ? "-" : figure((total.ok / total.elapsedMs) * 1_000),
  ]);
  return [...formatTable(header, rows), `At most ${count(peakInFlight)} calls were in flight at once.`];
}

function latencySection(totals: readonly Measurement[], names: readonly string[]): string[] {
  const rows = totals.map(({ latency }, arm) => [names[arm]!, ...latencyCells(latency)]);
  const table = formatTable(["Latency in ms", ...QUANTILES.map(quantileName), "max"], rows);
  return [
    ...table,
    `Of calls that succeeded, from the moment each was due. (In brackets: fewer than ${MIN_BEYOND} calls lie beyond it.)`,
  ];
}

function latencyCells(latency: LatencyHistogram): string[] {
  if (latency.count === 0) return [...QUANTILES.map(() => "-"), "-"];
  const cells = QUANTILES.map((quantile) => {
    const value = figure(latency.quantileMs(quantile));
    return isSupported(quantile, latency.count) ? value : `(${value})`;
  });
  return [...cells, figure(latency.maxMs)];
}

function plotSections(totals: readonly Measurement[], names: readonly string[]): string[][] {
  const range = axisRange(totals.map(({ latency }) => latency));
  return totals.map(({ latency }, arm) => {
    const lines = plotByNines(latency, range);
    return lines.length === 0 ? [] : [`Latency by percentile${suffix(names, arm)}`, ...lines];
  });
}

function outcomeSection(total: Measurement, name: string): string[] {
  const byCount = [...total.outcomes].sort(([, a], [, b]) => b.latency.count - a.latency.count);
  const rows = byCount.map(([outcome, tally]) => outcomeRow(outcome, tally, total.ended));
  const header = [`Outcome${name}`, "errors", "calls", "share", "p50 ms", "max ms"];
  return rows.length === 0 ? [] : formatTable(header, rows, 2);
}

function outcomeRow(outcome: Outcome, { latency, errors }: Tally, ended: number): string[] {
  const names = [...errors].sort(([, a], [, b]) => b - a).map(([name, times]) => `${name} ${count(times)}`);
  return [
    outcome,
    names.length > 3 ? `${names.slice(0, 3).join(", ")}, ...` : names.join(", "),
    count(latency.count),
    share(latency.count, ended),
    figure(latency.quantileMs(0.5)),
    figure(latency.maxMs),
  ];
}

function variantSection(total: Measurement, name: string): string[] {
  const rows = [...total.variants]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([variant, { latency, failed }]) => {
      const calls = latency.count + failed;
      const cells = latencyCells(latency);
      return [
        variant,
        count(calls),
        share(calls, total.ended),
        share(failed, calls),
        ...cells.slice(0, 3),
        cells.at(-1)!,
      ];
    });
  const header = [`Variant${name}`, "calls", "share", "failed", "p50 ms", "p90 ms", "p99 ms", "max ms"];
  return rows.length === 0 ? [] : formatTable(header, rows);
}

function comparisonSection({ arms }: LoadResult, names: readonly string[]): string[] {
  const [base, other] = arms;
  if (base === undefined || other === undefined) return [];
  const rows = compareArms(base, other).map(({ name, base, other, ratio, ratioRange }) => [
    name,
    figure(base),
    figure(other),
    ratio === undefined ? "-" : ratio.toFixed(2),
    ratioRange === undefined ? "too few calls" : ratioRange.map((value) => value.toFixed(2)).join(" - "),
  ]);
  return [
    ...formatTable(["Comparison", names[0]!, names[1]!, "ratio", "of each round"], rows),
    `The two took turns in ${base.slices.length} rounds, the order reversed each time. A range that includes 1 shows no difference.`,
  ];
}

function recommendationSection(total: Measurement, name: string): string[] {
  const { config, settings } = recommend(total);
  const lines = settings.flatMap(({ name, value, reasons }) => [
    `  ${name}: ${value ?? "none"}`,
    ...reasons.map((reason) => `    - ${reason}`),
  ]);
  const isEmpty = Object.keys(config).length === 0;
  const snippet = JSON.stringify(config, undefined, 2).split("\n");
  return [
    `Recommendation${name}`,
    ...lines,
    ...(isEmpty
      ? []
      : ["  As options of the client, or as a file for --config:", ...snippet.map((line) => `    ${line}`)]),
  ];
}

function warnings({ arms, due, scheduled }: LoadResult): string[] {
  const lines: string[] = [];
  const notSent = arms.reduce((sum, { total }) => sum + total.notSent, 0);
  const lateMs = Math.max(...arms.map(({ total }) => total.startedLate.meanMs));
  if (due < scheduled)
    lines.push(`Stopped early: ${count(due)} of ${count(scheduled)} calls were due by then.`);
  if (notSent > 0) {
    lines.push(
      `${count(notSent)} calls were not sent because --max-in-flight was reached. They are in no percentile, which therefore look better than what callers would have seen.`,
    );
  }
  if (lateMs > LATE_MS) {
    lines.push(
      `This process started calls ${figure(lateMs)} ms late on average, which is part of their latency: it is too busy for this rate.`,
    );
  }
  return lines;
}
