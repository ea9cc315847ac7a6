import type { Flower } from "./iris.ts";
import { SPECIES } from "./iris.ts";
import { seededRandom, shuffled } from "./random.ts";

/** The year of Fisher's paper. Which rows are held out is part of the experiment: it never varies by run. */
const SPLIT_SEED = 1936;

export interface Split {
  /** 100 flowers that the models are trained on. */
  readonly training: readonly Flower[];
  /** 50 flowers that no model has seen before it is asked about them: 17, 17 and 16 of a species. */
  readonly heldOut: readonly Flower[];
}

/** Holds out a random third of each species; every process that asks gets the same one. */
export function splitFlowers(flowers: readonly Flower[], seed = SPLIT_SEED): Split {
  const random = seededRandom(seed);
  const bySpecies = SPECIES.flatMap((species) =>
    shuffled(
      flowers.filter((flower) => flower.species === species),
      random,
    ),
  );
  return {
    training: bySpecies.filter((_, index) => index % 3 !== 0),
    heldOut: bySpecies.filter((_, index) => index % 3 === 0),
  };
}
