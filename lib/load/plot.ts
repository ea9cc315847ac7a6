import { plot } from "asciichart";
import { isExceeded, QUANTILES, quantileName } from "./evidence.ts";
import type { LatencyHistogram } from "./latency-histogram.ts";
import { figure } from "./table.ts";

const COLUMNS_PER_NINE = 15;
const ROWS = 10;

const LABEL = 10;

/** The column of the axis: asciichart puts a blank between it and the labels. */
const AXIS = LABEL + 1;

/** asciichart's own, but for the first: it would cross the axis at zero, which is 1 ms on this scale. */
const SYMBOLS = ["┤", "┤", "╶", "╴", "─", "╰", "╭", "╮", "╯", "│"];

/** The least and the largest latency of an axis, in milliseconds. */
export interface AxisRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Range that holds all of some plots, so that they can be compared by eye. */
export function axisRange(latencies: readonly LatencyHistogram[]): AxisRange {
  const known = latencies.filter(({ count }) => count > 0);
  return {
    minMs: Math.min(...known.map((latency) => latency.quantileMs(0))),
    maxMs: Math.max(...known.map(({ maxMs }) => maxMs)),
  };
}

/**
 * Latency by nines: p90, p99, p99.9, ... at even distances, as far as there are values, over a logarithmic
 * axis of milliseconds. Empty without a value.
 */
export function plotByNines(latency: LatencyHistogram, { minMs, maxMs }: AxisRange): string[] {
  if (latency.count === 0) return [];
  const columns = Math.round(ninesOf(lastQuantile(latency.count)) * COLUMNS_PER_NINE);
  // asciichart draws the first value onto the axis and the others to the right of it.
  const values = Array.from({ length: columns + 1 }, (_, column) =>
    Math.log10(latency.quantileMs(1 - 10 ** (-column / COLUMNS_PER_NINE))),
  );
  const chart = plot(values, {
    offset: 3,
    symbols: SYMBOLS,
    height: ROWS,
    min: Math.log10(minMs),
    // A range of nothing has no axis: a flat line gets some air.
    max: Math.log10(Math.max(maxMs, minMs * 1.1)),
    format: (value) => `${figure(10 ** value)} ms`.padStart(LABEL),
  });
  return [...chart.split("\n").map((line) => line.trimEnd()), ...ticks(columns)];
}

/** The last of the quantiles that at least one value lies beyond. */
function lastQuantile(count: number): number {
  return QUANTILES.findLast((quantile) => isExceeded(quantile, count)) ?? QUANTILES[0];
}

function ninesOf(quantile: number): number {
  return -Math.log10(1 - quantile);
}

function ticks(columns: number): string[] {
  let [marks, labels] = ["", ""];
  for (const quantile of QUANTILES) {
    const column = AXIS + Math.round(ninesOf(quantile) * COLUMNS_PER_NINE);
    if (column > AXIS + columns) break;
    marks = `${marks.padEnd(column)}|`;
    const label = quantileName(quantile);
    labels = labels.padEnd(column - Math.floor(label.length / 2)) + label;
  }
  return [marks, labels];
}
