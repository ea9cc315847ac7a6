import type { VirtualTime } from "../engine/virtual-time.ts";
import type { Endpoint, EndpointSpec } from "../fleet/endpoint.ts";
import type { Policy } from "../policies/policy.ts";

/** A stretch of time that figures are given for, in seconds. */
export interface Phase {
  readonly name: string;
  readonly fromS: number;
  readonly toS: number;
}

/** Requests of users. */
export interface Traffic {
  /** Requests per second over the whole fleet, at random moments, whatever became of those before. */
  readonly perSecond: number;
  /** Seconds for which they come. */
  readonly forS: number;
  /** Models of a multi-model endpoint that requests name in turn. @default none */
  readonly models?: readonly string[];
}

/** One fleet, one endpoint, and what happens to it. */
export interface Scenario {
  /** Names rows and plots; unique: "capacity cut, 100 processes, 85 % load". */
  readonly name: string;
  /** What several scenarios that differ in size belong to. */
  readonly group: string;
  readonly processes: number;
  readonly endpoint: EndpointSpec;
  readonly traffic: Traffic;
  readonly attemptTimeoutMs: number;
  /** What figures are of; the one named `after` says whether it recovered. */
  readonly phases: readonly Phase[];
  readonly policies: readonly Policy[];
  /** Plans what goes wrong. */
  readonly plan: (time: VirtualTime, endpoint: Endpoint) => void;
}
