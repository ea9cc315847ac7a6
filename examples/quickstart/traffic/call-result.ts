import type { Flower, Species } from "../flowers/iris.ts";

interface Finished {
  readonly flower: Flower;
  /** Tries that were made, the first included. */
  readonly attempts: number;
  /** What the caller waited: queueing, back-off and every attempt. */
  readonly latencyMs: number;
}

/** The caller has a prediction. */
export interface CallAnswered extends Finished {
  readonly kind: "answered";
  readonly variant: string;
  readonly species: Species;
}

/** The caller has an error instead. */
export interface CallLost extends Finished {
  readonly kind: "lost";
  readonly errorName: string;
}

/** How one call ended, as the caller saw it. */
export type CallResult = CallAnswered | CallLost;
