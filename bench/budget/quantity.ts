/** Something whose growth is a regression, and which does not depend on how fast or busy the machine is. */
export interface Quantity {
  readonly name: string;
  readonly unit: string;
  /** Share by which it varies between runs and machines. */
  readonly tolerance: number;
  /** Whether less is a breach, too. */
  readonly isExact: boolean;
  /** Of the shown value and of the budget. */
  readonly decimals: number;
  /** What it guards, in one line. */
  readonly why: string;
}

export interface Measured {
  readonly quantity: Quantity;
  readonly value: number;
}

/** Allocation varies with what the compiler has got to, and between patch releases of Node. */
const ALLOCATION = { unit: "bytes/call", tolerance: 0.05, isExact: false, decimals: 0 };
const COUNT = { tolerance: 0, isExact: false, decimals: 0 };

export const HEAP_PER_CALL: Quantity = {
  name: "heap of a call",
  ...ALLOCATION,
  why: "a whole call over a loopback socket, the transport included: what the collector has to clean up",
};

export const PROMOTED_HEAP: Quantity = {
  name: "promoted heap of a call",
  ...ALLOCATION,
  // A few collections decide, and where in a call they strike.
  tolerance: 3,
  why: "what outlives its call until the next full collection, and makes each small one copy more",
};

export const HEAP_OF_LAYERS: Quantity = {
  name: "heap of the layers",
  ...ALLOCATION,
  why: "a call over a transport without a network: our own share alone",
};

export const PROMISES: Quantity = {
  name: "promises of a call",
  unit: "promises/call",
  tolerance: 0.02,
  isExact: false,
  decimals: 1,
  why: "each await on the path of a call costs a turn of the microtask queue",
};

export const TIMERS: Quantity = {
  name: "timers of a call",
  unit: "timers/call",
  tolerance: 0.02,
  isExact: false,
  decimals: 2,
  why: "timers are made where a wait really exists; the rest is shared",
};

export const REQUEST_HEAD: Quantity = {
  name: "head of a request",
  unit: "bytes",
  ...COUNT,
  why: "request line and headers on the wire, without the value of user-agent, which names the platform",
};

export const BUNDLED_CORE: Quantity = {
  name: "bundled core",
  unit: "bytes",
  tolerance: 0.02,
  isExact: false,
  decimals: 0,
  why: "own code and Smithy's, minified, without the credential chain: the goal is 120,000",
};

export const LOADED_MODULES: Quantity = {
  name: "modules of a cold import",
  unit: "modules",
  ...COUNT,
  why: "every file that is loaded before the first call makes a cold start longer",
};

export const DEPENDENCIES: Quantity = {
  name: "runtime dependencies",
  unit: "packages",
  ...COUNT,
  why: "what an installation has to trust",
};

/** @param situation - "a plain call", "a call with one retry" */
export function layerRuns(layer: string, situation: string): Quantity {
  return {
    name: `runs of ${layer}, ${situation}`,
    unit: "runs",
    ...COUNT,
    isExact: true,
    why: "a layer runs once per call or once per attempt: as often as lib/pipeline.ts says, no less and no more",
  };
}
