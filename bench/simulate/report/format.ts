import type { Goal } from "../goals.ts";
import { mean } from "../goals.ts";

const NONE = "-";

/** `99.4 % (99.1 - 99.7)`: the mean, and where seeds differ, from the lowest to the highest. */
export function formatShare(values: readonly (number | null)[] | undefined): string {
  return formatValues(values, (value) => (100 * value).toFixed(1), " %");
}

export function formatSeconds(values: readonly (number | null)[] | undefined): string {
  return formatValues(values, (value) => value.toFixed(value < 10 && value % 1 !== 0 ? 1 : 0), " s");
}

/** Of milliseconds. */
export function formatLatency(values: readonly (number | null)[] | undefined): string {
  return formatValues(values, (value) => (value / 1_000).toFixed(2), " s");
}

export function formatFactor(values: readonly (number | null)[] | undefined): string {
  return formatValues(values, (value) => value.toFixed(2), "");
}

function formatValues(
  values: readonly (number | null)[] | undefined,
  format: (value: number) => string,
  unit: string,
): string {
  if (values === undefined || values.length === 0) return NONE;
  const average = mean(values);
  const known = values.filter((value) => value !== null);
  if (average === null) return known.length === 0 ? "never" : `never in ${values.length - known.length}`;
  const [least, most] = [format(Math.min(...known)), format(Math.max(...known))];
  return least === most ? `${format(average)}${unit}` : `${format(average)}${unit} (${least} - ${most})`;
}

/** A value of a goal, or its bound. */
export function formatGoalValue({ unit }: Goal, value: number | null): string {
  if (value === null) return "never";
  if (unit === "%") return `${Number((100 * value).toFixed(2))} %`;
  return `${Number(value.toFixed(2))}${unit === "" ? "" : ` ${unit}`}`;
}
