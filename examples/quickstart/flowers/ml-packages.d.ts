// The parts of two packages without type declarations that the classifiers use.

declare module "ml-naivebayes" {
  export class GaussianNB {
    /** `labels` are whole numbers from 0. */
    train(rows: readonly (readonly number[])[], labels: readonly number[]): void;
    /** One label for each row; -1 where no class has a probability above 0. */
    predict(rows: readonly (readonly number[])[]): number[];
  }
}

declare module "ml-cart" {
  export class DecisionTreeClassifier {
    constructor(options?: { gainFunction?: "gini"; maxDepth?: number; minNumSamples?: number });
    /** `labels` are whole numbers from 0. */
    train(rows: readonly (readonly number[])[], labels: readonly number[]): void;
    predict(rows: readonly (readonly number[])[]): number[];
  }
}
