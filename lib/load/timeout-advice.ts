import {
  type Advice,
  type Circumstances,
  cutOffReason,
  keep,
  ms,
  overloadShare,
  percent,
  roundUp,
  tooFewFor,
} from "./advice.ts";
import { isSupported, quantileName } from "./evidence.ts";
import type { LatencyHistogram } from "./latency-histogram.ts";
import type { Measurement } from "./measurement.ts";

/** Bounds of one attempt and of a call with all its attempts, in milliseconds. */
export interface TimeoutBounds {
  readonly attemptMs: number;
  /** `undefined`: nothing is known that speaks for another one. */
  readonly callTimeoutMs: number | undefined;
}

interface CallTimeout {
  readonly callTimeoutMs: number | undefined;
  readonly reason: string;
}

/**
 * The share of healthy attempts that a timeout may cut off: the timeout is the percentile of that share,
 * with a margin for days that are worse than the run. A lower percentile, where there are not calls enough
 * for the wanted one, gets a larger margin.
 */
const BOUNDS = [
  { quantile: 0.999, margin: 1.5 },
  { quantile: 0.99, margin: 3 },
] as const;

/** TCP on Linux sends a lost packet again after 200 ms at the soonest: one loss must not be a timeout. */
const MIN_ATTEMPT_MS = 500;

/** What the service's documentation advises: a container may take 60 s to answer. */
const MAX_ATTEMPT_MS = 70_000;

/** The first back-off after throttling, which is the longest that a first retry waits. */
const BACKOFF_MS = 1_000;

/** How long an attempt and a call may take, from how long those that succeeded took. */
export function adviseTimeouts(
  measurement: Measurement,
  circumstances: Circumstances,
): Advice<TimeoutBounds> {
  if (circumstances.isSaturated) {
    return keep("how long attempts take at a rate that is too high is how long the queue before them is");
  }
  const cutOff = cutOffReason(measurement);
  if (cutOff !== undefined) return keep(cutOff);
  const { okAttempts } = measurement;
  const bound = boundFor(okAttempts);
  if (bound === undefined) return keep(tooFewFor(0.99, measurement, circumstances));
  const wantedMs = roundUp(bound.boundMs);
  const attemptMs = Math.min(Math.max(wantedMs, MIN_ATTEMPT_MS), MAX_ATTEMPT_MS);
  const { callTimeoutMs, reason } = callTimeout(measurement, attemptMs);
  const reasons = [
    ...overloadReason(overloadShare(measurement)),
    `attemptMs: ${bound.name} of ${okAttempts.count} attempts that succeeded is ${ms(bound.measuredMs)}; ${bound.margin} times that cuts off less than ${percent(1 - bound.quantile)} of them`,
    ...boundReason(wantedMs, attemptMs),
    ...slowestReason(okAttempts.maxMs, attemptMs),
    `callTimeoutMs: ${reason}`,
    "socketMs is left as it is: an answer that is not streamed is one silence, which attemptMs bounds",
  ];
  return { verdict: "set", value: { attemptMs, callTimeoutMs }, reasons };
}

/** A call has to outlast its attempts and what comes between them, and no call of the run may have been too slow. */
function callTimeout({ latency, attemptOutcomes }: Measurement, attemptMs: number): CallTimeout {
  const loading = attemptOutcomes.get("model_not_ready") ?? 0;
  if (loading > 0) {
    return {
      callTimeoutMs: undefined,
      reason: `no change: ${loading} attempts met a model that was not loaded, which a call waits for as long as retry.warmUp.maxWaitMs says, 360 s by default`,
    };
  }
  const triesMs = 2 * attemptMs + BACKOFF_MS;
  const bound = boundFor(latency);
  if (bound !== undefined && bound.boundMs > Math.max(triesMs, latency.maxMs)) {
    return {
      callTimeoutMs: roundUp(bound.boundMs),
      reason: `${bound.name} of ${latency.count} calls that succeeded is ${ms(bound.measuredMs)}, retries and waits included; ${bound.margin} times that`,
    };
  }
  if (latency.maxMs > triesMs) {
    return {
      callTimeoutMs: roundUp(latency.maxMs),
      reason: "as long as the slowest call of the run, retries and waits included",
    };
  }
  return { callTimeoutMs: roundUp(triesMs), reason: "two attempts and a back-off of 1 s" };
}

/** The bound for durations of which there are enough; `undefined` where there are not. */
function boundFor(durations: LatencyHistogram) {
  const bound = BOUNDS.find(({ quantile }) => isSupported(quantile, durations.count));
  if (bound === undefined) return undefined;
  const measuredMs = durations.quantileMs(bound.quantile);
  return { ...bound, name: quantileName(bound.quantile), measuredMs, boundMs: measuredMs * bound.margin };
}

function overloadReason(share: number): string[] {
  if (share === 0) return [];
  return [`${percent(share)} of the attempts met an overload: with less load, shorter bounds may do`];
}

function boundReason(wantedMs: number, attemptMs: number): string[] {
  if (wantedMs < attemptMs)
    return [`it is raised to ${ms(attemptMs)}: a lost packet alone costs 200 ms or more`];
  if (wantedMs > attemptMs)
    return [`it is lowered to ${ms(attemptMs)}: the service ends a container's answer after 60 s`];
  return [];
}

function slowestReason(slowestMs: number, attemptMs: number): string[] {
  if (slowestMs <= attemptMs) return [];
  return [`the slowest of the run, ${ms(slowestMs)}, would have been cut off`];
}
