import type { ModelName } from "./flowers/classifiers.ts";

export const ENDPOINT_NAME = "iris";

/** A production variant of the endpoint and the model that its container runs. */
export interface Variant {
  readonly name: string;
  /** Its share of the calls that name no variant is this over the sum of all weights. */
  readonly weight: number;
  readonly model: ModelName;
}

/** The variant under test: it gets less traffic, and it is slow to start. */
export const CANARY: Variant = { name: "tree", weight: 1, model: "tree" };

export const VARIANTS: readonly Variant[] = [{ name: "bayes", weight: 3, model: "naive-bayes" }, CANARY];
