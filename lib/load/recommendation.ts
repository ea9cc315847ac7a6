import type { SageMakerRuntimeClientConfig } from "../config/client-config.ts";
import type { Advice } from "./advice.ts";
import { adviseHedge, type HedgeBounds } from "./hedge-advice.ts";
import { adviseLimit, type LimitBounds } from "./limit-advice.ts";
import type { Measurement } from "./measurement.ts";
import { adviseTimeouts, type TimeoutBounds } from "./timeout-advice.ts";

/** One setting that was thought about. */
export interface Setting {
  readonly name: "timeouts" | "concurrencyLimit" | "hedge";
  /** Its value in short; `undefined` where none is recommended. */
  readonly value: string | undefined;
  readonly reasons: readonly string[];
}

export interface Recommendation {
  /** Options that a client takes as they are; empty where there is nothing to say. */
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

/** Settings for a client that calls what was measured, each with its reason. */
export function recommend(measurement: Measurement): Recommendation {
  const timeouts = adviseTimeouts(measurement);
  const limit = adviseLimit(measurement);
  const hedge = adviseHedge(measurement);
  return {
    config: configOf(timeouts.value, limit.value, hedge.value),
    settings: [
      setting("timeouts", timeouts, (v) => `attemptMs ${v.attemptMs}, callTimeoutMs ${v.callTimeoutMs}`),
      setting("concurrencyLimit", limit, (v) => `initial ${v.initial}, max ${v.max}`),
      setting("hedge", hedge, (v) => `quantile ${v.quantile}, maxExtraLoad ${shareOf(v)}`),
    ],
  };
}

function setting<Value>(
  name: Setting["name"],
  { value, reasons }: Advice<Value>,
  show: (value: Value) => string,
): Setting {
  return { name, value: value === undefined ? undefined : show(value), reasons };
}

/** The one place that has the shape of the client's options. */
function configOf(
  timeouts: TimeoutBounds | undefined,
  limit: LimitBounds | undefined,
  hedge: HedgeBounds | undefined,
): SageMakerRuntimeClientConfig {
  return {
    ...(timeouts && {
      callTimeoutMs: timeouts.callTimeoutMs,
      timeouts: { attemptMs: timeouts.attemptMs },
    }),
    ...(limit && { concurrencyLimit: limit }),
    ...(hedge && { hedge: { quantile: hedge.quantile, maxExtraLoad: shareOf(hedge) } }),
  };
}

/** 0.05, which 1 - 0.95 is not quite. */
function shareOf({ maxExtraLoad }: HedgeBounds): number {
  return Number(maxExtraLoad.toFixed(4));
}
