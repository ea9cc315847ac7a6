/** One kind of work: what every call of it sends and gets. */
export interface Work {
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** 1 KB each way: a row of features and its scores, the size at which the client's own cost is the cost. */
export const SMALL_WORK: Work = { requestBytes: 1024, responseBytes: 1024 };

/** Calls in flight at a time: a loaded backend, and one caller who waits. */
export const CONCURRENCIES = [64, 1] as const;

/** How long and how often one process measures. */
export interface Plan {
  readonly rounds: number;
  /** Warm-up before the first window: at least this many calls and this long. Measured: CPU per call falls up to 5,000. */
  readonly warmUpCalls: number;
  readonly warmUpMs: number;
  /** Length of each window in which CPU time and latency are measured, in milliseconds. */
  readonly windowMs: number;
  /** Calls over which allocation is counted, after the windows. Few will do: it hardly varies between calls. */
  readonly allocationCalls: number;
}

/** 5 rounds of long windows: about 6 minutes for four clients. */
export const FULL_PLAN: Plan = {
  rounds: 5,
  warmUpCalls: 10_000,
  warmUpMs: 2_000,
  windowMs: 4_000,
  allocationCalls: 5_000,
};

/** Under 2 minutes for four clients on two busy cores. */
export const QUICK_PLAN: Plan = {
  rounds: 3,
  warmUpCalls: 5_000,
  warmUpMs: 800,
  windowMs: 1_000,
  allocationCalls: 1_000,
};
