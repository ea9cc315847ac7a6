import { isSupported, QUANTILES } from "./evidence.ts";
import type { LatencyHistogram } from "./latency-histogram.ts";

/** Lines of aligned columns: the first `textColumns` to the left, figures to the right. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns = 1,
): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < textColumns ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

/** A duration in milliseconds with three significant digits, or all digits before the point. */
export function figure(value: number): string {
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A share of a whole in percent; `-` of nothing. */
export function share(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((part / whole) * 100).toFixed(2)} %`;
}

/** The quantiles, in brackets where too few values lie beyond them, and the maximum. */
export function latencyCells(latency: LatencyHistogram): string[] {
  if (latency.count === 0) return [...QUANTILES.map(() => "-"), "-"];
  const cells = QUANTILES.map((quantile) => {
    const value = figure(latency.quantileMs(quantile));
    return isSupported(quantile, latency.count) ? value : `(${value})`;
  });
  return [...cells, figure(latency.maxMs)];
}
