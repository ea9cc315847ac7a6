import type { CurrentOptions } from "./advice.ts";
import { compareArms } from "./comparison.ts";
import { QUANTILES, quantileName } from "./evidence.ts";
import type { LatencyHistogram } from "./latency-histogram.ts";
import type { LoadResult } from "./load-test.ts";
import type { Measurement } from "./measurement.ts";
import { recommendations } from "./recommendation.ts";

/** Points of a curve for each further nine. */
const POINTS_PER_NINE = 10;

/**
 * A run as JSON: all that the report is made from, in milliseconds. Nothing that was sent or received is in
 * it, and of the options that `options` have only what is recommended.
 */
export function resultJson(
  result: LoadResult,
  names: readonly string[],
  options: readonly CurrentOptions[],
): object {
  const [base, other] = result.arms;
  const recommended = recommendations(result, options);
  return {
    scheduledCalls: result.scheduled,
    dueCalls: result.due,
    unmeasuredCalls: result.unmeasured,
    configurations: result.arms.map(({ total, slices, ...figures }, arm) => ({
      name: names[arm],
      ...figures,
      ...measurementJson(total),
      slices: slices.map(measurementJson),
      recommendation: recommended[arm],
    })),
    ...(base !== undefined && other !== undefined && { comparison: compareArms(base, other) }),
  };
}

function measurementJson(measurement: Measurement): object {
  const { outcomes, variants, attemptOutcomes } = measurement;
  return {
    elapsedMs: measurement.elapsedMs,
    sentCalls: measurement.sent,
    notSentCalls: measurement.notSent,
    unfinishedCalls: measurement.unfinished,
    succeededCalls: measurement.ok,
    fallbackAnswers: measurement.fallbackAnswers,
    latencyMs: histogramJson(measurement.latency),
    startedLateMs: histogramJson(measurement.startedLate),
    attemptMs: histogramJson(measurement.attempts),
    succeededAttemptMs: histogramJson(measurement.okAttempts),
    fasterOfTwoSucceededMs: histogramJson(measurement.okPairs),
    attemptsByOutcome: Object.fromEntries(attemptOutcomes),
    overloadedAttempts: measurement.overloads,
    outcomes: fromEntries(outcomes, ({ latency, errors }) => ({
      latencyMs: histogramJson(latency),
      errors: Object.fromEntries(errors),
    })),
    variants: fromEntries(variants, ({ latency, failed }) => ({
      failedCalls: failed,
      latencyMs: histogramJson(latency),
    })),
  };
}

function fromEntries<Value>(map: ReadonlyMap<string, Value>, toJson: (value: Value) => object): object {
  return Object.fromEntries([...map].map(([key, value]) => [key, toJson(value)]));
}

function histogramJson(latency: LatencyHistogram): object {
  if (latency.count === 0) return { count: 0 };
  return {
    count: latency.count,
    mean: latency.meanMs,
    max: latency.maxMs,
    ...Object.fromEntries(
      QUANTILES.map((quantile) => [quantileName(quantile), latency.quantileMs(quantile)]),
    ),
    curve: curveOf(latency),
  };
}

/** Pairs of a quantile and its value, up to the last quantile that a value lies beyond. */
function curveOf(latency: LatencyHistogram): [quantile: number, ms: number][] {
  const points = Math.floor(Math.log10(latency.count) * POINTS_PER_NINE + 1e-9);
  return Array.from({ length: points + 1 }, (_, point) => {
    const quantile = 1 - 10 ** (-point / POINTS_PER_NINE);
    return [Number(quantile.toFixed(7)), latency.quantileMs(quantile)];
  });
}
