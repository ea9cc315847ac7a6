import type { SageMakerRuntimeClientConfig } from "../config/client-config.ts";
import type { Advice, CurrentOptions } from "./advice.ts";
import { adviseHedge } from "./hedge-advice.ts";
import { adviseLimit } from "./limit-advice.ts";
import type { ArmResult, LoadResult } from "./load-test.ts";
import { type Advised, recommendedOptions, shareOf } from "./recommended-options.ts";
import { saturationOf } from "./saturation.ts";
import { adviseTimeouts, type TimeoutBounds } from "./timeout-advice.ts";

/** One setting that was thought about. */
export interface Setting {
  readonly name: "timeouts" | "concurrencyLimit" | "hedge";
  readonly verdict: Advice<unknown>["verdict"];
  /** Its value in short; `undefined` where none is recommended. */
  readonly value: string | undefined;
  readonly reasons: readonly string[];
}

export interface Recommendation {
  /** What says that the endpoint was sent more than it takes; `undefined` where nothing does. */
  readonly saturation: string | undefined;
  /** Options that a client takes in place of those of the same names; empty where there is nothing to say. */
  readonly config: SageMakerRuntimeClientConfig;
  readonly settings: readonly Setting[];
}

/** What no run of one process can tell. */
export const NOT_KNOWN: readonly string[] = [
  "All calls had the same payload. Others may take longer, and a cache may have answered these.",
  "The figures are for this rate from one process. What the endpoint does beyond it, or while it scales or " +
    "other processes call it, takes a run that goes there.",
  "Rare events - a deployment, a lost instance - are not in a run of this length.",
];

/** Of each configuration of a run; `options` are what their clients were set to. */
export function recommendations(result: LoadResult, options: readonly CurrentOptions[]): Recommendation[] {
  return result.arms.map((arm, index) => recommend(arm, result.arms.length, options[index]!));
}

/**
 * Settings for a client that calls what was measured, each with its reason.
 *
 * @param arms - configurations that took turns in the run
 */
export function recommend(
  { total: measurement, inFlightGrowthPerSecond }: ArmResult,
  arms: number,
  options: CurrentOptions,
): Recommendation {
  const saturation = saturationOf(measurement, inFlightGrowthPerSecond);
  const circumstances = { arms, isSaturated: saturation !== undefined, options };
  const advised: Advised = {
    timeouts: adviseTimeouts(measurement, circumstances),
    limit: adviseLimit(measurement, circumstances),
    hedge: adviseHedge(measurement, circumstances),
  };
  return {
    saturation,
    config: recommendedOptions(advised, options),
    settings: [
      setting("timeouts", advised.timeouts, shownTimeouts),
      setting("concurrencyLimit", advised.limit, (v) => `initial ${v.initial}, max ${v.max}`),
      setting("hedge", advised.hedge, (v) => `quantile ${v.quantile}, maxExtraLoad ${shareOf(v)}`),
    ],
  };
}

function setting<Value>(
  name: Setting["name"],
  { verdict, value, reasons }: Advice<Value>,
  show: (value: Value) => string,
): Setting {
  return { name, verdict, value: value === undefined ? undefined : show(value), reasons };
}

function shownTimeouts({ attemptMs, callTimeoutMs }: TimeoutBounds): string {
  return `attemptMs ${attemptMs}${callTimeoutMs === undefined ? "" : `, callTimeoutMs ${callTimeoutMs}`}`;
}
