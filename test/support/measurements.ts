import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import { resolveConfig } from "../../lib/config/resolve-config.ts";
import type { CurrentOptions } from "../../lib/load/advice.ts";
import type { AttemptTime, CallEnd } from "../../lib/load/call-end.ts";
import type { ArmResult } from "../../lib/load/load-test.ts";
import { Measurement } from "../../lib/load/measurement.ts";
import { type Recommendation, recommend, type Setting } from "../../lib/load/recommendation.ts";
import type { Outcome } from "../../lib/outcome.ts";

/** What a client with these options is set to. */
export function optionsOf(config: SageMakerRuntimeClientConfig = {}): CurrentOptions {
  return resolveConfig({ region: "us-east-1", ...config });
}

/** A call of one attempt, which took as long as the call. */
export function endOf(durationMs: number, outcome: Outcome = "ok", isOverload = false): CallEnd {
  return { outcome, variant: "a", error: undefined, attempts: [{ durationMs, outcome, isOverload }] };
}

/** Calls at 100 per second, in the order given. */
export function measuredCalls(calls: readonly (readonly [end: CallEnd, latencyMs: number])[]): Measurement {
  const measurement = new Measurement();
  measurement.elapsedMs = calls.length * 10;
  for (const [end, latencyMs] of calls) {
    measurement.started(0);
    measurement.record(end, latencyMs);
  }
  return measurement;
}

/** Calls at 100 per second, with one attempt each of the given duration. */
export function measured(
  durationsMs: readonly number[],
  outcomeOf: (index: number) => Outcome = () => "ok",
): Measurement {
  return measuredCalls(durationsMs.map((ms, index) => [endOf(ms, outcomeOf(index)), ms]));
}

/** As {@link measured}, with an attempt of some calls that ended so before the one that succeeded. */
export function measuredAfter(
  durationsMs: readonly number[],
  before: (index: number) => AttemptTime | undefined,
): Measurement {
  return measuredCalls(
    durationsMs.map((ms, index) => {
      const end = endOf(ms);
      const first = before(index);
      return [first === undefined ? end : { ...end, attempts: [first, ...end.attempts] }, ms];
    }),
  );
}

/** `count` durations, evenly from `fromMs` to `toMs`. */
export function even(count: number, fromMs: number, toMs: number): number[] {
  return Array.from({ length: count }, (_, i) => fromMs + ((toMs - fromMs) * i) / count);
}

/** The same durations in an order of chance, as attempts have them whose slowness says nothing of the next one. */
export function shuffled(durationsMs: readonly number[]): number[] {
  const left = [...durationsMs];
  let seed = 1;
  return durationsMs.map(() => {
    seed = (seed * 48_271) % 2_147_483_647;
    return left.splice(seed % left.length, 1)[0]!;
  });
}

export interface Run {
  /** Options of the client that was measured. */
  readonly config?: SageMakerRuntimeClientConfig;
  /** Configurations that took turns. */
  readonly arms?: number;
  readonly inFlightGrowthPerSecond?: number;
}

/** What is recommended after a run that is otherwise one of default options that kept up. */
export function recommended(measurement: Measurement, run: Run = {}): Recommendation {
  const { config, arms = 1, inFlightGrowthPerSecond = 0 } = run;
  const figures = { peakInFlight: 0, successesPerSecond: 0, inFlightGrowthPerSecond };
  const arm: ArmResult = { total: measurement, slices: [], ...figures };
  return recommend(arm, arms, optionsOf(config));
}

/** A setting's verdict and value, and its reasons as one text. */
export function settingOf({ settings }: Recommendation, name: Setting["name"]) {
  const { verdict, value, reasons } = settings.find((setting) => setting.name === name)!;
  return { verdict, value, reason: reasons.join("; ") };
}
