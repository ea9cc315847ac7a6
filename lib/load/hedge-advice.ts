import {
  type Advice,
  type Circumstances,
  cutOffReason,
  keep,
  ms,
  off,
  percent,
  tooFewFor,
} from "./advice.ts";
import { isSupported } from "./evidence.ts";
import type { LatencyHistogram } from "./latency-histogram.ts";
import type { Measurement } from "./measurement.ts";

/** When a second attempt is sent beside the first, and what it may add to the load. */
export interface HedgeBounds {
  /** The quantile of attempt durations at which it is sent. */
  readonly quantile: number;
  /** Share of the attempts. */
  readonly maxExtraLoad: number;
}

/** One attempt in twenty is slower: that is what hedging then adds, half of what the retry budget allows. */
const HEDGE_AT = 0.95;

/** Of what hedging may add, the share that it is to add: the rest is for bursts, as in the defaults of `hedge`. */
const PLANNED = 0.9;

/** The tail that hedging is for. */
const TAIL = 0.99;

/** A tail that gets shorter by less than this is not worth the load. */
const MIN_GAIN = 0.2;

/** Failures from which on an endpoint gets no further load for the sake of speed. */
const MAX_FAILURES = 0.01;

/** Whether a second attempt would help, and when to send it. */
export function adviseHedge(measurement: Measurement, circumstances: Circumstances): Advice<HedgeBounds> {
  if (circumstances.isSaturated)
    return off("an endpoint that was sent more than it takes must not get more load");
  const failures = failureShare(measurement);
  if (failures > MAX_FAILURES) {
    return off(`${percent(failures)} of the attempts failed: an endpoint in trouble must not get more load`);
  }
  const cutOff = cutOffReason(measurement);
  if (cutOff !== undefined) return keep(cutOff);
  const { okAttempts } = measurement;
  if (!isSupported(TAIL, okAttempts.count)) return keep(tooFewFor(TAIL, measurement, circumstances));
  const [p50, delayMs, p99] = [0.5, HEDGE_AT, TAIL].map((quantile) => okAttempts.quantileMs(quantile));
  const hedgedMs = hedgedQuantileMs(okAttempts, delayMs!, TAIL);
  const measured = `p50 is ${ms(p50!)}, p95 ${ms(delayMs!)}, p99 ${ms(p99!)}`;
  const effect = `a second attempt after p95 would bring p99 to about ${ms(hedgedMs)} for ${percent(1 - HEDGE_AT)} more load`;
  if (hedgedMs > p99! * (1 - MIN_GAIN)) {
    return off(`${measured}: the tail is not long enough`, effect);
  }
  return {
    verdict: "set",
    value: { quantile: HEDGE_AT, maxExtraLoad: (1 - HEDGE_AT) / PLANNED },
    reasons: [
      measured,
      effect,
      "that is so if the slowness of one attempt says nothing about the next: not where the whole endpoint is slow, or the payload is what takes long",
    ],
  };
}

/** Of the attempts that ended by themselves: one that lost to another of its call neither failed nor succeeded. */
function failureShare({ attempts, okAttempts, attemptOutcomes }: Measurement): number {
  const ended = attempts.count - (attemptOutcomes.get("cancelled") ?? 0);
  return ended === 0 ? 0 : 1 - okAttempts.count / ended;
}

/**
 * The quantile of calls that send a second attempt after `delayMs`. A call takes longer than t where the
 * first attempt does and the second one takes longer than t - delayMs; the two are taken as independent.
 */
export function hedgedQuantileMs(attempts: LatencyHistogram, delayMs: number, quantile: number): number {
  const slowerThan = (t: number) => shareSlower(attempts, t) * shareSlower(attempts, t - delayMs);
  return bisect(delayMs, attempts.maxMs, (t) => slowerThan(t) <= 1 - quantile);
}

function shareSlower(attempts: LatencyHistogram, limitMs: number): number {
  if (limitMs <= 0) return 1;
  return 1 - bisect(0, 1, (quantile) => attempts.quantileMs(quantile) > limitMs);
}

/** The smallest value between two for which `isReached` holds, to a millionth of their distance. */
function bisect(low: number, high: number, isReached: (value: number) => boolean): number {
  let [below, above] = [low, high];
  for (let step = 0; step < 20; step++) {
    const middle = (below + above) / 2;
    if (isReached(middle)) above = middle;
    else below = middle;
  }
  return above;
}
