import type { FaultRule } from "../../lib/local/faults/script.ts";

/** What is wrong with the endpoint for a while. */
export type Fault =
  /** Only this share of the workers works on. */
  | { readonly kind: "capacity"; readonly share: number }
  /** Nobody listens, connections are reset, what was queued is lost. */
  | { readonly kind: "crash" }
  /** One of the nodes takes so many times as long. */
  | { readonly kind: "slowNode"; readonly factor: number }
  /** What the fault script of the local endpoint says. */
  | { readonly kind: "script"; readonly rules: readonly FaultRule[] };

/** One thing that goes wrong, under a steady load. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly fault: Fault;
  /** Calls that are due per second, whatever becomes of those before. */
  readonly ratePerSecond: number;
  /** Nobody waits for a call longer than that, in milliseconds. */
  readonly patienceMs: number;
  /** The endpoint is well that long, then ill, then well again, in milliseconds. */
  readonly beforeMs: number;
  readonly faultMs: number;
  readonly afterMs: number;
  /** Names of variants that share the traffic. @default one */
  readonly variants?: readonly string[];
  /** The model that every call names. @default none: no multi-model endpoint */
  readonly targetModel?: string;
}

/** The endpoint: so many nodes, each with workers behind a first-in, first-out queue without an end. */
export const NODES = 4;
export const WORKERS_PER_NODE = 5;
/** Mean of an exponential distribution, in milliseconds. */
export const MEAN_SERVICE_MS = 100;

/** 70 % of the 200 calls per second that the endpoint can serve. */
const RATE_PER_SECOND = 140;
const PATIENCE_MS = 1_000;

const common = { ratePerSecond: RATE_PER_SECOND, patienceMs: PATIENCE_MS, beforeMs: 2_000 };

const BAD_VARIANT = "Canary";
const COLD_MODEL = "cold.tar.gz";

/** Times are a fifth and less of those of the simulator, so that all of them pass in minutes. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "capacity cut to 25 %",
    description: "three of four workers stop for 4 s; what queues up is worked through, wanted or not",
    fault: { kind: "capacity", share: 0.25 },
    ...common,
    faultMs: 4_000,
    afterMs: 8_000,
  },
  {
    name: "crash and restart",
    description: "nobody listens for 2 s, connections are reset, the queue is lost",
    fault: { kind: "crash" },
    ...common,
    faultMs: 2_000,
    afterMs: 8_000,
  },
  {
    name: "slow node",
    description: "one of four nodes, picked at random for each call, takes ten times as long for 4 s",
    fault: { kind: "slowNode", factor: 10 },
    ...common,
    faultMs: 4_000,
    afterMs: 6_000,
  },
  {
    name: "one bad variant of four",
    description: "one of four variants of equal weight answers 500 at once for 4 s; calls name no variant",
    fault: {
      kind: "script",
      rules: [{ match: { variant: BAD_VARIANT }, fault: { type: "status", status: 500 } }],
    },
    variants: ["Blue", "Green", "Red", BAD_VARIANT],
    ...common,
    faultMs: 4_000,
    afterMs: 4_000,
  },
  {
    name: "cold multi-model start",
    description: "the model that all callers ask for takes 5 s to load; they are ready to wait for 10 s",
    fault: {
      kind: "script",
      rules: [{ match: { targetModel: COLD_MODEL }, fault: { type: "notReady" } }],
    },
    targetModel: COLD_MODEL,
    ...common,
    ratePerSecond: 60,
    patienceMs: 10_000,
    beforeMs: 0,
    faultMs: 5_000,
    afterMs: 3_000,
  },
  {
    name: "a tenth of requests reset",
    description: "every tenth request, at random, meets a reset of its connection for 4 s",
    fault: { kind: "script", rules: [{ match: { rate: 0.1 }, fault: { type: "reset" } }] },
    ...common,
    faultMs: 4_000,
    afterMs: 3_000,
  },
];

/** `crash and restart, ill from 2 to 4 s`: what the tables and plots of a scenario are called. */
export function titleOf({ name, beforeMs, faultMs }: Scenario): string {
  return `${name}, ill from ${beforeMs / 1_000} to ${(beforeMs + faultMs) / 1_000} s`;
}

export function lengthMs({ beforeMs, faultMs, afterMs }: Scenario): number {
  return beforeMs + faultMs + afterMs;
}
