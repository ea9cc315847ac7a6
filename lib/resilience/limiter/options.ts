import type { Target } from "../../target.ts";

/**
 * How the limit moves. `gradient`: with latency and overload · `aimd`: with overload alone, for models whose
 * latency is in their inputs · `vegas`: keeps a small queue in the target; only for targets of steady latency: what
 * becomes slower for other reasons than load is held back, for one to two minutes or for good · `fixed`: not at all.
 */
export type LimitAlgorithm = "gradient" | "aimd" | "vegas" | "fixed";

export interface ConcurrencyLimitOptions {
  /** @default "gradient" - an endpoint slows down before it fails, and that is the time to send less */
  algorithm?: LimitAlgorithm;
  /**
   * Attempts in flight per target to begin with; with `fixed`, for good.
   * @default 256, or `max` where that is less - a healthy endpoint never meets it: at 50 ms per answer it is
   * 5 000 calls per second
   */
  initial?: number;
  /**
   * The limit never goes below it; at least 4. Streams that have begun do not count for it: they go on, and so many others
   * may be in flight beside them, up to `max`. Nor do attempts that hold all permits and of which nothing is heard for 8 s, or
   * for twice as long as the slowest answers take. Not with `fixed`.
   * @default 4 - with less there is too little traffic to see the target recover. Where even so attempts time out
   * and none is answered, they start one at a time, with pauses: four of each of a hundred processes are four
   * hundred, more than an endpoint answers in time that lost three quarters of its workers (bench/simulate)
   */
  min?: number;
  /**
   * The limit never goes above it. Not with `fixed`.
   * @default the client's `maxSockets`, which is what can be in flight at all; 1 024 with a `dispatcher`
   */
  max?: number;
  /**
   * Attempts that may wait for a permit of one target; 0: none waits. When it is full, somebody of a lower
   * class makes room, else the newcomer is refused.
   * @default 10_000 - as the AWS SDK for Java; what bounds the wait is `queueTimeoutMs`
   */
  maxQueue?: number;
  /**
   * How long an attempt waits for a permit, in milliseconds. The deadline of the call ends it sooner.
   * @default 10_000 - as the AWS SDK for Java waits for a connection
   */
  queueTimeoutMs?: number;
  /**
   * What shares a limit.
   * @default endpoint, variant, inference component, model and container of the call
   */
  key?: (target: Target) => string;
  /**
   * Limits kept at once; beyond it, the least recently used is forgotten.
   * @default 1_024
   */
  maxTargets?: number;
}
