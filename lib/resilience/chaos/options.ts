/** Which attempts a rule is for: those that are aimed at all that is named here. */
export interface ChaosTarget {
  endpoint?: string;
  variant?: string;
  component?: string;
  model?: string;
  container?: string;
}

/** The errors of the service that may be injected, by the name that they have there. */
export type ChaosOutcome =
  | "ServiceUnavailable"
  | "ThrottlingException"
  | "ModelNotReadyException"
  | "ModelError"
  | "InternalFailure";

interface RuleScope {
  /** Share of the attempts that it is done to, from 0 to 1. */
  rate: number;
  /** @default {} - every attempt */
  target?: ChaosTarget;
}

/** Breaks the connection: `connect` before anything is sent, `reset` after the request has left. */
export interface ChaosFault extends RuleScope {
  inject: "fault";
  /** @default "reset" */
  fault?: "connect" | "reset";
}

/** Lets the attempt take longer, as if the model did: bounds that watch the service's silence watch this, too. */
export interface ChaosLatency extends RuleScope {
  inject: "latency";
  /** In milliseconds; of a pair, anything from the first to the second. */
  latencyMs: number | readonly [number, number];
}

/** Answers in the place of the service. Nothing is sent. */
export interface ChaosAnswer extends RuleScope {
  inject: "outcome";
  outcome: ChaosOutcome;
}

export type ChaosRule = ChaosFault | ChaosLatency | ChaosAnswer;

export interface ChaosOptions {
  /** Tried in their order at each attempt. Latencies add up; the first fault or outcome ends the attempt. */
  rules: readonly ChaosRule[];
  /**
   * Whether it may run where `NODE_ENV` is `production`.
   * @default false - a client that is to fail on purpose there refuses to be made
   */
  allowInProduction?: boolean;
}
