/** What one policy made of one scenario with one seed: plain data, from which every figure and plot is made. */
export interface RunResult {
  readonly scenario: string;
  readonly policy: string;
  readonly seed: number;
  /** By the second of arrival. */
  readonly requests: readonly number[];
  /** Of those, how many were answered. */
  readonly good: readonly number[];
  /** Attempts that were made for the requests of each second, whenever that was. */
  readonly attempts: readonly number[];
  /** Attempts by the second in which they were sent. */
  readonly sent: readonly number[];
  readonly phases: readonly PhaseResult[];
  /** Only where models are loaded. */
  readonly coldStart?: ColdStart;
}

export interface PhaseResult {
  readonly name: string;
  /** Latency of answered requests, in milliseconds; 0 where there was none. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface ColdStart {
  /** The most attempts in flight from one process to one model that it knew to be loading. */
  readonly peakProbes: number;
  /** From the moment that the models are ready to the last answer, in milliseconds. */
  readonly lastAnswerAfterMs: number;
  /** Attempts in each 100 ms from then on. */
  readonly sentAfterReady: readonly number[];
}
