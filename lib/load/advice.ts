import type { ClientConfig } from "../config/resolve-config.ts";
import type { Outcome } from "../outcome.ts";
import { valuesNeeded } from "./evidence.ts";
import type { Measurement } from "./measurement.ts";

/** What a rule concludes, and the reasons in words. */
export type Advice<Value> =
  | { readonly verdict: "set"; readonly value: Value; readonly reasons: readonly string[] }
  /** `off`: better without · `keep`: the run cannot say, so that it stays what it is. */
  | { readonly verdict: "off" | "keep"; readonly value: undefined; readonly reasons: readonly string[] };

/** What a rule knows beside the measurement of a configuration. */
export interface Circumstances {
  /** Configurations that took turns in the run. */
  readonly arms: number;
  /** Whether the endpoint was sent more than it takes. */
  readonly isSaturated: boolean;
  readonly options: CurrentOptions;
}

/** What the client was set to while it was measured. */
export type CurrentOptions = Pick<
  ClientConfig,
  "callTimeoutMs" | "timeouts" | "concurrencyLimit" | "hedge" | "maxSockets"
>;

/** Attempts and calls that somebody ended in the run hide how long they would have taken: up to this share. */
const ACCEPTED_CUT_OFFS = 0.001;

/** A share of attempts from which on what was measured is an overload. */
const OVERLOAD_SHARE = 0.01;

export function keep(reason: string): Advice<never> {
  return { verdict: "keep", value: undefined, reasons: [reason] };
}

export function off(...reasons: string[]): Advice<never> {
  return { verdict: "off", value: undefined, reasons };
}

/** The share of a measurement's attempts that ended in `outcome`. */
export function attemptShare({ attempts, attemptOutcomes }: Measurement, outcome: Outcome): number {
  return attempts.count === 0 ? 0 : (attemptOutcomes.get(outcome) ?? 0) / attempts.count;
}

/** The share of attempts that met an endpoint with too much to do, where it is no exception; 0 where it is. */
export function overloadShare({ attempts, overloads }: Measurement): number {
  const share = attempts.count === 0 ? 0 : overloads / attempts.count;
  return share > OVERLOAD_SHARE ? share : 0;
}

/**
 * Why durations say nothing of the tail: too many attempts were ended before they had taken as long as they would
 * have. `undefined` where that is not so.
 */
export function cutOffReason(measurement: Measurement): string | undefined {
  const { ended, outcomes } = measurement;
  const givenUp = givenUpReason(measurement);
  if (givenUp !== undefined) return givenUp;
  const calls = ended === 0 ? 0 : (outcomes.get("timeout")?.latency.count ?? 0) / ended;
  const timeouts = Math.max(attemptShare(measurement, "timeout"), calls);
  if (timeouts > ACCEPTED_CUT_OFFS) {
    return `${percent(timeouts)} of the attempts or calls timed out, so how long they take is not known: measure with longer timeouts or a lower rate`;
  }
  const hedged = attemptShare(measurement, "cancelled");
  if (hedged <= ACCEPTED_CUT_OFFS) return undefined;
  return `${percent(hedged)} of the attempts were cut off because another one of their call was faster, so how long they take is not known: measure with "hedge": false`;
}

/** Why what ended is not all that there was: calls that were given up are in no duration. `undefined` where it is. */
export function givenUpReason({ sent, unfinished }: Measurement): string | undefined {
  if (unfinished <= sent * ACCEPTED_CUT_OFFS) return undefined;
  return `${percent(unfinished / sent)} of the calls were given up in flight, so how long they take is not known: measure again and let them end`;
}

/** Why nothing is said: how many there are, how many there should be, and the length of a run that has those. */
export function tooFew(
  what: string,
  count: number,
  needed: number,
  { elapsedMs }: Measurement,
  { arms }: Circumstances,
): string {
  const seconds = Math.ceil(((elapsedMs * arms) / 1_000) * (needed / count));
  const howLong = count === 0 || elapsedMs === 0 ? "" : `, a run of about ${seconds} s at this rate`;
  return `too few calls to say: ${count} ${what}, ${needed} are needed${howLong}`;
}

/** As {@link tooFew}, for a quantile of the attempts that succeeded. */
export function tooFewFor(quantile: number, measurement: Measurement, circumstances: Circumstances): string {
  const { count } = measurement.okAttempts;
  return tooFew("attempts succeeded", count, valuesNeeded(quantile), measurement, circumstances);
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
