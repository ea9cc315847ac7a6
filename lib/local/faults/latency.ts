import type { LatencyDistribution, LatencyPoint } from "./script.ts";

/** Draws a delay in milliseconds, never below 0. `random` gives numbers from 0 up to 1. */
export function drawLatencyMs(distribution: LatencyDistribution, random: () => number): number {
  switch (distribution.distribution) {
    case "fixed":
      return distribution.ms;
    case "uniform":
      return distribution.minMs + random() * (distribution.maxMs - distribution.minMs);
    case "normal":
      return Math.max(0, distribution.meanMs + standardNormal(random) * distribution.standardDeviationMs);
    case "exponential":
      return -Math.log(1 - random()) * distribution.meanMs;
    case "percentiles":
      return interpolate(distribution.points, random() * 100);
  }
}

/** By Box and Muller. */
function standardNormal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

function interpolate(points: readonly LatencyPoint[], percentile: number): number {
  const above = points.findIndex((point) => point.percentile >= percentile);
  if (above === 0) return points[0]!.ms;
  if (above === -1) return points.at(-1)!.ms;
  const [low, high] = [points[above - 1]!, points[above]!];
  const share = (percentile - low.percentile) / (high.percentile - low.percentile);
  return low.ms + share * (high.ms - low.ms);
}
