import { median } from "./statistics.ts";

/** A steady growth of a series, and how far it can be told. */
export interface Trend {
  /** Median of the slopes between all pairs of points: steps and outliers do not move it (Theil and Sen). */
  readonly slope: number;
  /** The slope is below it with a confidence of 97.5 %, and above `lower` with as much (Kendall). */
  readonly upper: number;
  readonly lower: number;
}

export type Point = readonly [x: number, y: number];

/** Of the normal distribution: a two-sided interval of 95 %. */
const Z_95 = 1.96;

/** Fewer have no interval of that confidence. */
const MIN_POINTS = 6;

/**
 * The trend of a series without the assumption of a distribution. Points must be about independent of each other: of
 * a quantity that moves slowly, such as resident memory, take {@link blockMedians} first.
 *
 * @returns `undefined` for fewer than 6 points
 */
export function trendOf(points: readonly Point[]): Trend | undefined {
  const n = points.length;
  if (n < MIN_POINTS) return undefined;
  const slopes = slopesOf(points).sort((a, b) => a - b);
  const halfWidth = (Z_95 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2;
  const middle = (slopes.length - 1) / 2;
  return {
    slope: (slopes[Math.floor(middle)]! + slopes[Math.ceil(middle)]!) / 2,
    lower: slopes[Math.max(0, Math.floor(middle - halfWidth))]!,
    upper: slopes[Math.min(slopes.length - 1, Math.ceil(middle + halfWidth))]!,
  };
}

/** Cuts a series into blocks of equal length, and gives of each the median of x and of y. */
export function blockMedians(points: readonly Point[], blocks: number): Point[] {
  const length = points.length / blocks;
  if (length < 1) return [];
  return Array.from({ length: blocks }, (_, index) => {
    const block = points.slice(Math.floor(index * length), Math.floor((index + 1) * length));
    return [median(block.map(([x]) => x)), median(block.map(([, y]) => y))];
  });
}

function slopesOf(points: readonly Point[]): number[] {
  const slopes: number[] = [];
  for (const [index, [x, y]] of points.entries()) {
    for (const [laterX, laterY] of points.slice(index + 1)) {
      if (laterX !== x) slopes.push((laterY - y) / (laterX - x));
    }
  }
  return slopes;
}
