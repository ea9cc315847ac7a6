import { checkResourceName } from "../../protocol/resource-name.ts";
import type { Seams } from "../../seams.ts";
import { checkInteger, checkKeys, checkMs, checkObject, checkRatio, invalidOption } from "../../validate.ts";
import type { OutlierOptions, SplitOptions } from "./options.ts";

export type OutlierSettings = Readonly<Required<OutlierOptions>>;

/** What a split decides with, checked and with every default filled in. */
export interface SplitSettings extends Seams {
  /** By endpoint, then by variant. */
  readonly weights: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly maxEjectedShare: number;
  readonly outliers: OutlierSettings | undefined;
}

const OUTLIER_KEYS = [
  "consecutiveFailures",
  "excessFailureRatio",
  "minimumAttempts",
  "windowMs",
  "ejectMs",
  "maxEjectMs",
  "slowStartMs",
] as const satisfies readonly (keyof OutlierOptions)[];

/** @throws {RangeError} for an option out of range; {@link TypeError} for one that does not exist */
export function resolveSplit(options: SplitOptions, seams: Seams): SplitSettings {
  checkKeys("split", options, ["weights", "maxEjectedShare", "outliers"]);
  checkObject("split.weights", options.weights);
  const weights = new Map<string, ReadonlyMap<string, number>>();
  for (const [endpoint, variants] of Object.entries(options.weights)) {
    checkResourceName("split.weights: each endpoint", endpoint);
    weights.set(endpoint, resolveWeights(`split.weights.${endpoint}`, variants));
  }
  return {
    weights,
    maxEjectedShare: checkRatio("split.maxEjectedShare", options.maxEjectedShare ?? 0.5, true),
    outliers: options.outliers === false ? undefined : resolveOutliers(options.outliers ?? {}),
    ...seams,
  };
}

function resolveWeights(option: string, variants: Readonly<Record<string, number>>): Map<string, number> {
  checkObject(option, variants);
  let sum = 0;
  for (const [variant, weight] of Object.entries(variants)) {
    checkResourceName(`${option}: each variant`, variant);
    if (!(Number.isFinite(weight) && weight >= 0)) {
      throw invalidOption(`${option}.${variant}`, "a weight of at least 0", weight);
    }
    sum += weight;
  }
  if (sum > 0) return new Map(Object.entries(variants));
  throw invalidOption(option, "variants of which one has a weight above 0", variants);
}

function resolveOutliers(options: OutlierOptions): OutlierSettings {
  checkObject("split.outliers", options);
  checkKeys("split.outliers", options, OUTLIER_KEYS);
  const { ejectMs = 30_000, maxEjectMs = 300_000, slowStartMs = 30_000 } = options;
  checkMs("split.outliers.ejectMs", ejectMs);
  checkMs("split.outliers.maxEjectMs", maxEjectMs);
  if (maxEjectMs < ejectMs) {
    throw invalidOption("split.outliers.maxEjectMs", `at least ejectMs (${ejectMs})`, maxEjectMs);
  }
  if (slowStartMs !== 0) checkMs("split.outliers.slowStartMs", slowStartMs);
  return {
    consecutiveFailures: checkInteger(
      "split.outliers.consecutiveFailures",
      options.consecutiveFailures ?? 5,
      1,
    ),
    excessFailureRatio: checkRatio("split.outliers.excessFailureRatio", options.excessFailureRatio ?? 0.3),
    minimumAttempts: checkInteger("split.outliers.minimumAttempts", options.minimumAttempts ?? 20, 1),
    windowMs: checkMs("split.outliers.windowMs", options.windowMs ?? 10_000),
    ejectMs,
    maxEjectMs,
    slowStartMs,
  };
}
