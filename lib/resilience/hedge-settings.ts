import { checkResourceName } from "../protocol/resource-name.ts";
import type { Seams } from "../seams.ts";
import { checkInteger, checkKeys, checkMs, checkObject, invalidOption } from "../validate.ts";
import type { HedgeOptions } from "./options.ts";

/** What hedging decides with, checked and with every default filled in. */
export interface HedgeSettings {
  readonly maxExtraLoad: number;
  readonly quantile: number;
  readonly minDelayMs: number;
  readonly minimumSamples: number;
  readonly windowMs: number;
  readonly maxTargets: number;
  /** Variants that may answer for each other, by endpoint. */
  readonly variants: ReadonlyMap<string, readonly string[]>;
  readonly random: () => number;
}

const KNOWN = [
  "maxExtraLoad",
  "quantile",
  "minDelayMs",
  "minimumSamples",
  "windowMs",
  "maxTargets",
  "variants",
] as const satisfies readonly (keyof HedgeOptions)[];

/**
 * How much of the allowance is planned for. An allowance that is used up as fast as it grows is empty most of the
 * time, and then it is chance which of the slow attempts are hedged.
 */
const PLANNED = 0.9;

/** Beyond it, a hedge is the rule and not the exception. */
const MAX_EXTRA_LOAD = 0.5;

/** @throws {RangeError} for an option out of range; {@link TypeError} for one that does not exist */
export function resolveHedge(options: HedgeOptions, { random }: Pick<Seams, "random">): HedgeSettings {
  checkKeys("hedge", options, KNOWN);
  const { maxExtraLoad = 0.08 } = options;
  if (!(typeof maxExtraLoad === "number" && maxExtraLoad > 0 && maxExtraLoad <= MAX_EXTRA_LOAD)) {
    throw invalidOption("hedge.maxExtraLoad", `a number above 0 and up to ${MAX_EXTRA_LOAD}`, maxExtraLoad);
  }
  const { quantile = 1 - PLANNED * maxExtraLoad } = options;
  if (!(typeof quantile === "number" && quantile >= 0.5 && quantile < 1)) {
    throw invalidOption("hedge.quantile", "a number from 0.5 to below 1", quantile);
  }
  return {
    maxExtraLoad,
    quantile,
    minDelayMs: checkMs("hedge.minDelayMs", options.minDelayMs ?? 10),
    minimumSamples: checkInteger("hedge.minimumSamples", options.minimumSamples ?? 30, 1),
    windowMs: checkMs("hedge.windowMs", options.windowMs ?? 60_000),
    maxTargets: checkInteger("hedge.maxTargets", options.maxTargets ?? 1_024, 1),
    variants: resolveVariants(options.variants ?? {}),
    random,
  };
}

function resolveVariants(variants: NonNullable<HedgeOptions["variants"]>): HedgeSettings["variants"] {
  checkObject("hedge.variants", variants);
  for (const [endpoint, names] of Object.entries(variants)) {
    const option = `hedge.variants.${endpoint}`;
    if (!Array.isArray(names) || names.length === 0) {
      throw invalidOption(option, "an array of the names of production variants", names);
    }
    for (const [index, name] of names.entries()) checkResourceName(`${option}[${index}]`, name);
  }
  return new Map(Object.entries(variants).map(([endpoint, names]) => [endpoint, [...names]]));
}
