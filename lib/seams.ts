import { type Clock, systemClock } from "./clock.ts";

/** Where layers take time and randomness from: the world in production, the test's hand in tests. */
export interface Seams {
  readonly clock: Clock;
  /** Uniform in [0, 1), as `Math.random`. */
  readonly random: () => number;
}

export const defaultSeams: Seams = { clock: systemClock, random: Math.random };
