import { DecisionTreeClassifier } from "ml-cart";
import { GaussianNB } from "ml-naivebayes";
import type { Flower, Measurements, Species } from "./iris.ts";
import { SPECIES } from "./iris.ts";

export const MODELS = ["naive-bayes", "tree"] as const;
export type ModelName = (typeof MODELS)[number];

export interface Classifier {
  readonly model: ModelName;
  /** `undefined` for a flower so unlike the training data that the model has no opinion. */
  predict(measurements: Measurements): Species | undefined;
}

/** Trains one of two models that differ in what they look at and in how they decide. */
export function trainClassifier(model: ModelName, training: readonly Flower[]): Classifier {
  return model === "tree" ? trainTree(training) : trainNaiveBayes(training);
}

/** A decision tree over all four measurements. */
function trainTree(training: readonly Flower[]): Classifier {
  const tree = new DecisionTreeClassifier({ gainFunction: "gini", maxDepth: 4, minNumSamples: 3 });
  tree.train(
    training.map((flower) => flower.measurements),
    training.map(labelOf),
  );
  return {
    model: "tree",
    predict: (measurements) => SPECIES[tree.predict([measurements])[0] ?? -1],
  };
}

/**
 * Gaussian naive Bayes over the petal alone. `GaussianNB` 4.0 weighs the first two features of a row whatever
 * else the row has, so it gets just the two that tell the species apart best. It also takes as many rows as
 * there are features plus one for a mistake in the shape: rows go in one at a time.
 */
function trainNaiveBayes(training: readonly Flower[]): Classifier {
  const bayes = new GaussianNB();
  bayes.train(
    training.map((flower) => petalOf(flower.measurements)),
    training.map(labelOf),
  );
  return {
    model: "naive-bayes",
    predict: (measurements) => SPECIES[bayes.predict([petalOf(measurements)])[0] ?? -1],
  };
}

function petalOf([, , length, width]: Measurements): [length: number, width: number] {
  return [length, width];
}

function labelOf(flower: Flower): number {
  return SPECIES.indexOf(flower.species);
}
