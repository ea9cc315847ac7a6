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

/** How long attempts took that succeeded, and the faster of each two in a row. */
type OkAttempts = Pick<Measurement, "okAttempts" | "okPairs">;

/** One attempt in twenty is slower: that is what hedging then adds, half of what the retry budget allows. */
const HEDGE_AT = 0.95;

/** Of what hedging may add, the share that it is to add: the rest is for bursts, as in the defaults of `hedge`. */
const PLANNED = 0.9;

/** The tail that hedging is for. */
const TAIL = 0.99;

/** A tail that gets shorter by less than this is not worth the load. */
const MIN_GAIN = 0.2;

/** Where slowness is a matter of chance, one in twenty of those after a slow attempt is slow. */
const MAX_TOGETHER = 0.25;

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
  const hedgedMs = hedgedQuantileMs(measurement, delayMs!, TAIL);
  const measured = `p50 is ${ms(p50!)}, p95 ${ms(delayMs!)}, p99 ${ms(p99!)}`;
  const effect = `a second attempt after p95 would bring p99 to about ${ms(hedgedMs)} for ${percent(1 - HEDGE_AT)} more load`;
  const together = slowTogether(measurement, delayMs!);
  const worthMs = p99! * (1 - MIN_GAIN);
  if (hedgedMs > worthMs) {
    // With second attempts as fast as most.
    const isLong = delayMs! + p50! < worthMs;
    const why =
      isLong && together > MAX_TOGETHER
        ? `slow attempts come together, ${percent(together)} of them after another slow one: a second attempt would be slow, too`
        : "the tail is not long enough";
    return off(measured, why, effect);
  }
  return {
    verdict: "set",
    value: { quantile: HEDGE_AT, maxExtraLoad: (1 - HEDGE_AT) / PLANNED },
    reasons: [
      measured,
      effect,
      `that is so while slow attempts come alone (here, ${percent(together)} of them after another slow one): not where the whole endpoint is slow, or the payload is what takes long`,
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
 * first attempt does and the second one takes longer than t - delayMs, which it does as often as one that
 * followed another of the run that took so long.
 */
export function hedgedQuantileMs(attempts: OkAttempts, delayMs: number, quantile: number): number {
  const slowerThan = (t: number) => shareSlower(attempts.okAttempts, t) * slowTogether(attempts, t - delayMs);
  return bisect(delayMs, attempts.okAttempts.maxMs, (t) => slowerThan(t) <= 1 - quantile);
}

/** Of attempts after one that took longer than `limitMs`, the share that did so, too. */
function slowTogether({ okAttempts, okPairs }: OkAttempts, limitMs: number): number {
  const slower = shareSlower(okAttempts, limitMs);
  return slower === 0 ? 0 : Math.min(shareSlower(okPairs, limitMs) / slower, 1);
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
