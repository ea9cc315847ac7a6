/** Draws a duration in milliseconds. */
export type Distribution = (random: () => number) => number;

export function exponential(meanMs: number): Distribution {
  return (random) => -meanMs * Math.log(1 - random());
}

/** Log-normal, by its mean and the spread of its logarithm: what inference takes tends to look like it. */
export function logNormal(meanMs: number, sigma: number): Distribution {
  const medianMs = meanMs / Math.exp((sigma * sigma) / 2);
  return (random) => medianMs * Math.exp(sigma * standardNormal(random));
}

/** As `base`, and for a share of the draws so much longer. */
export function withStragglers(base: Distribution, share: number, extraMs: number): Distribution {
  return (random) => base(random) + (random() < share ? extraMs : 0);
}

/** By Box and Muller. */
function standardNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
