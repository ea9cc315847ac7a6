/**
 * Values that must lie beyond a quantile before anything is concluded from it. How many do is a matter of
 * chance (Poisson): where the estimate is really exceeded twice as often as it says, 16 are expected for
 * these 8, and no more than 8 come in one run of fifty.
 */
export const MIN_BEYOND = 8;

/** The quantiles of tables and plots: one more nine each. */
export const QUANTILES = [0.5, 0.9, 0.99, 0.999, 0.9999] as const;

/** How many values a quantile takes before {@link MIN_BEYOND} of them lie beyond it. */
export function valuesNeeded(quantile: number): number {
  return Math.ceil(MIN_BEYOND / (1 - quantile) - 1e-6);
}

export function isSupported(quantile: number, count: number): boolean {
  return count >= valuesNeeded(quantile);
}

/** Whether at least one of `count` values lies beyond a quantile. */
export function isExceeded(quantile: number, count: number): boolean {
  return count * (1 - quantile) >= 1 - 1e-9;
}

/** `p99.9` for 0.999. */
export function quantileName(quantile: number): string {
  return `p${Number((quantile * 100).toFixed(4))}`;
}
