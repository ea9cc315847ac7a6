import type { IBreaker } from "cockatiel";
import type { Target } from "../../target.ts";
import type { WarmUpOptions } from "../options.ts";
import type { BreakerTransition } from "./breaker-state.ts";
import type { TimeWindowBreaker } from "./time-window-breaker.ts";

export interface CircuitBreakerOptions {
  /**
   * Makes the rule that says when to open; called once per target and again at each recovery. Any cockatiel
   * breaker (`ConsecutiveBreaker`, `CountBreaker`, `SamplingBreaker`) or a {@link TimeWindowBreaker}.
   * @default a time window of 10 s: at least 20 attempts of which half failed
   */
  breaker?: () => IBreaker;
  /**
   * How long the breaker stays open before it lets a probe through, in milliseconds. It doubles each time
   * the probe fails, up to `maxOpenMs`, with 10 % jitter so that a fleet does not probe in step.
   * @default 5_000
   */
  halfOpenAfterMs?: number;
  /** @default 30_000 */
  maxOpenMs?: number;
  /**
   * Probes that must succeed before the breaker closes; while they run, every other call is refused.
   * @default 3
   */
  halfOpenProbes?: number;
  /**
   * For how long after the probes the breaker admits a growing share of the calls, in milliseconds. 0: all
   * at once.
   * @default 2_000
   */
  recoveryRampMs?: number;
  /**
   * An attempt that took at least this long counts as failed, in milliseconds; also one that the deadline of
   * its call ended, which by itself says nothing about the target.
   * @default undefined - slowness alone opens no breaker
   */
  slowCallMs?: number;
  /**
   * What shares a breaker.
   * @default endpoint, variant, inference component, model and container of the call
   */
  key?: (target: Target) => string;
  /**
   * Breakers kept at once; beyond it, the least recently used is forgotten.
   * @default 1_024
   */
  maxTargets?: number;
  /** How often an open target whose model is loading is asked. See {@link RetryOptions.warmUp}. */
  warmUp?: Pick<WarmUpOptions, "initialDelayMs" | "maxDelayMs">;
  /** Called on each change of state, synchronously; it must not throw. */
  onStateChange?: (transition: BreakerTransition) => void;
}
