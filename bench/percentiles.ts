/** Shares of a curve by nines: each nine as many points as the one before. */
const SHARES = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.925, 0.95, 0.975, 0.99, 0.9925, 0.995, 0.9975, 0.999,
  0.99925, 0.9995, 0.99975, 0.9999,
];

/** Beyond a percentile there must be as many values, or it is the luck of a few. */
const MIN_VALUES_BEYOND = 10;

/** Pairs of a share, from 0, and the value that this share of the values stayed within. */
export type Percentiles = readonly (readonly [share: number, value: number])[];

/** The percentiles that so many values can tell. Sorts `values` in place. */
export function percentilesOf(values: Float64Array): Percentiles {
  values.sort();
  return SHARES.filter((share) => Math.round(values.length * (1 - share)) >= MIN_VALUES_BEYOND).map(
    (share) => [share, values[Math.max(0, Math.ceil(share * values.length) - 1)]!],
  );
}

/** The value at a share; `undefined` where there were too few values to tell. */
export function valueAt(percentiles: Percentiles, share: number): number | undefined {
  return percentiles.find((point) => point[0] === share)?.[1];
}
