import type { CurrentOptions } from "./advice.ts";
import { compareArms } from "./comparison.ts";
import { MIN_BEYOND, QUANTILES, quantileName } from "./evidence.ts";
import type { LoadResult } from "./load-test.ts";
import type { Measurement } from "./measurement.ts";
import { attemptTable, outcomeTable, variantTable } from "./outcome-tables.ts";
import { axisRange, plotByNines } from "./plot.ts";
import { NOT_KNOWN, type Recommendation, recommendations } from "./recommendation.ts";
import { count, figure, formatTable, latencyCells } from "./table.ts";
import { warnings } from "./warnings.ts";

/** The report of a run, line by line. `names` and `options` are those of the configurations. */
export function reportLines(
  result: LoadResult,
  names: readonly string[],
  options: readonly CurrentOptions[],
): string[] {
  const totals = result.arms.map(({ total }) => total);
  const sections = [
    callSection(result, names),
    latencySection(totals, names),
    ...plotSections(totals, names),
    ...totals.map((total, arm) => outcomeTable(total, suffix(names, arm))),
    ...totals.map((total, arm) => attemptTable(total, suffix(names, arm))),
    ...totals.map((total, arm) => variantTable(total, suffix(names, arm))),
    comparisonSection(result, names),
    ...recommendations(result, options).map((advice, arm) =>
      recommendationSection(advice, suffix(names, arm)),
    ),
    ["What this run cannot know", ...NOT_KNOWN.map((line) => `  - ${line}`)],
    warnings(result, names),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, ""]);
}

function suffix(names: readonly string[], arm: number): string {
  return names.length === 1 ? "" : `, ${names[arm]}`;
}

function callSection({ arms }: LoadResult, names: readonly string[]): string[] {
  const header = ["Calls", "due", "sent", "succeeded", "failed", "not sent", "successes/s", "peak in flight"];
  const rows = arms.map(({ total, peakInFlight, successesPerSecond }, arm) => [
    names[arm]!,
    count(total.due),
    count(total.sent),
    count(total.ok),
    count(total.ended - total.ok),
    count(total.notSent),
    total.elapsedMs === 0 ? "-" : figure(successesPerSecond),
    count(peakInFlight),
  ]);
  return formatTable(header, rows);
}

function latencySection(totals: readonly Measurement[], names: readonly string[]): string[] {
  const rows = totals.map(({ latency }, arm) => [names[arm]!, ...latencyCells(latency)]);
  const table = formatTable(["Latency in ms", ...QUANTILES.map(quantileName), "max"], rows);
  return [
    ...table,
    `Of calls that succeeded, from the moment each was due. (In brackets: fewer than ${MIN_BEYOND} calls lie beyond it.)`,
  ];
}

function plotSections(totals: readonly Measurement[], names: readonly string[]): string[][] {
  const range = axisRange(totals.map(({ latency }) => latency));
  return totals.map(({ latency }, arm) => {
    const lines = plotByNines(latency, range);
    return lines.length === 0 ? [] : [`Latency by percentile${suffix(names, arm)}`, ...lines];
  });
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

function recommendationSection(advice: Recommendation, name: string): string[] {
  const { saturation, settings } = advice;
  const lines = settings.flatMap(({ name, verdict, value, reasons }) => [
    `  ${name}: ${value ?? (verdict === "off" ? "none" : "no change")}`,
    ...reasons.map((reason) => `    - ${reason}`),
  ]);
  return [
    `Recommendation${name}`,
    ...(saturation === undefined ? [] : ["  Saturated", `    - ${saturation}`]),
    ...lines,
    ...snippet(advice),
  ];
}

/** Nothing where it would be the options that were measured. */
function snippet({ config, settings }: Recommendation): string[] {
  const isChange = config.hedge === false || settings.some(({ verdict }) => verdict === "set");
  if (!isChange) return [];
  const lines = JSON.stringify(config, undefined, 2).split("\n");
  return [
    "  As options of the client, or of a file for --config (its others stay):",
    ...lines.map((line) => `    ${line}`),
  ];
}
