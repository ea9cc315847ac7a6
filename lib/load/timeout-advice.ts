import { type Advice, attemptShare, ms, noAdvice, percent, roundUp, tooFewFor } from "./advice.ts";
import { isSupported, quantileName } from "./evidence.ts";
import type { Measurement } from "./measurement.ts";

/** Bounds of one attempt and of a call with all its attempts, in milliseconds. */
export interface TimeoutBounds {
  readonly attemptMs: number;
  readonly callTimeoutMs: number;
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

/** Attempts that timed out in the run hide how long they would have taken: up to the accepted share. */
const ACCEPTED_TIMEOUTS = 0.001;

/** TCP on Linux sends a lost packet again after 200 ms at the soonest: one loss must not be a timeout. */
const MIN_ATTEMPT_MS = 500;

/** What the service's documentation advises: a container may take 60 s to answer. */
const MAX_ATTEMPT_MS = 70_000;

/** The first back-off after throttling, which is the longest that a first retry waits. */
const BACKOFF_MS = 1_000;

/** How long an attempt and a call may take, from how long those that succeeded took. */
export function adviseTimeouts(measurement: Measurement): Advice<TimeoutBounds> {
  const { okAttempts } = measurement;
  const timeouts = attemptShare(measurement, (outcome) => outcome === "timeout");
  if (timeouts > ACCEPTED_TIMEOUTS) {
    return noAdvice(
      `${percent(timeouts)} of the attempts timed out, so how long they take is not known: measure with longer timeouts or a lower rate`,
    );
  }
  const bound = BOUNDS.find(({ quantile }) => isSupported(quantile, okAttempts.count));
  if (bound === undefined) {
    return noAdvice(tooFewFor(0.99, okAttempts.count, measurement));
  }
  const { quantile, margin } = bound;
  const measuredMs = okAttempts.quantileMs(quantile);
  const wantedMs = roundUp(measuredMs * margin);
  const attemptMs = Math.min(Math.max(wantedMs, MIN_ATTEMPT_MS), MAX_ATTEMPT_MS);
  const reasons = [
    `attemptMs: ${quantileName(quantile)} of ${okAttempts.count} attempts that succeeded is ${ms(measuredMs)}; ${margin} times that cuts off less than ${percent(1 - quantile)} of them`,
    ...boundReason(wantedMs, attemptMs),
    ...slowestReason(okAttempts.maxMs, attemptMs),
    "callTimeoutMs: two attempts and a back-off of 1 s",
    "socketMs is left as it is: an answer that is not streamed is one silence, which attemptMs bounds",
  ];
  return {
    value: { attemptMs, callTimeoutMs: roundUp(2 * attemptMs + BACKOFF_MS) },
    reasons,
  };
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
