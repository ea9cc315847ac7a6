/** What several rounds came to. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The middle value, or the mean of the two middle ones.
 *
 * @throws {RangeError} for no values
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("a median needs at least one value");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function summarize(values: readonly number[]): Summary {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** A figure with three significant digits, or all digits before the point: 0.0912, 1.35, 44.7, 1,990. */
export function formatFigure(value: number): string {
  if (value === 0) return "0";
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  const digits = Math.min(Math.max(3 - whole, 0), 6);
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** As {@link formatFigure}, with as many more digits as it takes to tell it from `bound`: 1.0502 where 1.05 is allowed. */
export function formatBeside(value: number, bound: number): string {
  let digits = 3;
  while (value !== bound && Number(value.toPrecision(digits)) === bound) digits++;
  return digits === 3 ? formatFigure(value) : value.toPrecision(digits);
}

/** `44.7 (43.0 - 46.1)`: median, min and max. */
export function formatSummary({ median, min, max }: Summary): string {
  return `${formatFigure(median)} (${formatFigure(min)} - ${formatFigure(max)})`;
}

/** `1.35 x`: how many times `base` the `value` is. `-` where the base is zero. */
export function formatRatio(value: number, base: number): string {
  return base === 0 ? "-" : `${formatFigure(value / base)} x`;
}
