import { valuesNeeded } from "./evidence.ts";
import type { Measurement } from "./measurement.ts";

/** What a rule concludes: a value, or none, and the reasons for either in words. */
export interface Advice<Value> {
  readonly value: Value | undefined;
  readonly reasons: readonly string[];
}

export function noAdvice(reason: string): Advice<never> {
  return { value: undefined, reasons: [reason] };
}

/** The share of a measurement's attempts that ended in one of `outcomes`. */
export function attemptShare(
  { attempts, attemptOutcomes }: Measurement,
  isCounted: (outcome: string) => boolean,
): number {
  let count = 0;
  for (const [outcome, times] of attemptOutcomes) if (isCounted(outcome)) count += times;
  return attempts.count === 0 ? 0 : count / attempts.count;
}

/** Why nothing is said: how many there are, how many there should be, and how long that takes. */
export function tooFew(what: string, count: number, needed: number, { elapsedMs }: Measurement): string {
  const seconds = Math.ceil((elapsedMs / 1_000) * (needed / count));
  const howLong = count === 0 || elapsedMs === 0 ? "" : `, about ${seconds} s at this rate`;
  return `too few calls to say: ${count} ${what}, ${needed} are needed${howLong}`;
}

/** As {@link tooFew}, for a quantile. */
export function tooFewFor(quantile: number, count: number, measurement: Measurement): string {
  return tooFew("attempts succeeded", count, valuesNeeded(quantile), measurement);
}

/** Upwards to two significant digits: a setting that looks as exact as it is. */
export function roundUp(value: number): number {
  const step = 10 ** Math.max(Math.floor(Math.log10(value)) - 1, 0);
  return Math.ceil(value / step - 1e-9) * step;
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(share < 0.01 ? 2 : 1))} %`;
}

export function ms(value: number): string {
  return `${value.toLocaleString("en-US", { maximumFractionDigits: value < 100 ? 1 : 0 })} ms`;
}
