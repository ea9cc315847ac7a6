import type { LatencySketch } from "./latency-sketch.ts";

/** How far the true share may be from that of the answers, in standard errors: at two it rarely is further. */
const STANDARD_ERRORS = 2;

/**
 * The duration in milliseconds that a share `q` of a target's answers does not exceed, where few are known;
 * `undefined` without any. With many it is the quantile of the sketch.
 *
 * Why not always that: of 100 answers, 8 are slower than the 0.92 quantile. Where the very slow are 5 of 100, a
 * sample has 8 of them often enough, and its quantile is then the time that the very slow take: too late to do
 * anything about them, for as long as the sample is remembered. Which quantile of the sample is the true one is known
 * up to its standard error `sqrt(q (1 - q) / n)`; the median, which many answers stand beside, is known well. So of
 * the times that the sample allows, up to its own quantile, this is the one nearest to the tail that the
 * median has where whatever goes on has no memory (an exponential one). A tail that is longer than that is what
 * another attempt helps against: who has waited so long waits longer than one who begins anew.
 */
export function estimateTail(latencies: LatencySketch, q: number, now: number): number | undefined {
  const ofSample = latencies.quantile(q, now);
  const median = latencies.quantile(0.5, now);
  if (ofSample === undefined || median === undefined) return undefined;
  const withoutMemory = (median * Math.log(1 - q)) / Math.log(0.5);
  if (ofSample <= withoutMemory) return ofSample;
  const standardError = Math.sqrt((q * (1 - q)) / latencies.count(now));
  const least = latencies.quantile(Math.max(0.5, q - STANDARD_ERRORS * standardError), now) ?? ofSample;
  return Math.max(least, withoutMemory);
}
