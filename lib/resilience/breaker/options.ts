import type { IBreaker } from "cockatiel";
import type { Target } from "../../target.ts";
import type { WarmUpOptions } from "../options.ts";
import type { BreakerTransition } from "./breaker-state.ts";
import type { BreakerStore } from "./breaker-store.ts";
import type { TimeWindowOptions } from "./time-window-breaker.ts";

export interface CircuitBreakerOptions {
  /**
   * When to open: the numbers of the default rule, a share of failures in a time window; or a function that
   * makes another rule, called once to check what it makes, then once per target and again at each recovery. Any
   * cockatiel breaker (`ConsecutiveBreaker`, `CountBreaker`, `SamplingBreaker`) is one.
   * @default half of at least 20 attempts of the last 10 s, or of up to 60 s where there are fewer. Of a target
   * with fewer than 20 in 10 s also 7 failures, or 3 timeouts, in a row. A stream that has begun counts as not failed
   * until it ends, and ends a row of timeouts. While an adaptive `concurrencyLimit`
   * starts attempts one at a time, timeouts count only after 30 s of that: refusing the callers that wait for the
   * target's recovery would lose them
   */
  breaker?: TimeWindowOptions | (() => IBreaker);
  /**
   * How long the breaker stays open before it lets a probe through, in milliseconds. It doubles each time
   * the probe fails, up to `maxOpenMs`, and begins anew where one has succeeded before another failed; with 10 %
   * jitter so that a fleet does not probe in step.
   * @default 1_000 - a probe is one call, and an outage often ends within seconds
   */
  halfOpenAfterMs?: number;
  /**
   * The longest that it stays open between probes, in milliseconds.
   * @default 5_000 - how late a recovery is found at the most: after 20 s of outage a fleet of 20 was well again
   * within 5 s, and within 22 s with 5_000 and 30_000 (`npm run simulate -- --scenarios "crash and restart"`)
   */
  maxOpenMs?: number;
  /**
   * Probes that must succeed before the breaker closes; while they run, every other call is refused. Where they are
   * silent for `maxOpenMs`, another one goes.
   * @default 3
   */
  halfOpenProbes?: number;
  /**
   * For how long after the probes the breaker admits a growing share of the calls, in milliseconds; as many at
   * once as there were probes it always admits. 0: all at once.
   * @default 2_000
   */
  recoveryRampMs?: number;
  /**
   * An attempt that took at least this long is slow, whatever came of it, in milliseconds from its permit; of a
   * stream, until its head. Also one that the deadline of its call ended, which by itself says nothing about the
   * target. A probe that is slow has failed. While a limiter starts attempts one at a time, timeouts are as little slow
   * as they are failures.
   * @default undefined - slowness alone opens no breaker
   */
  slowCallMs?: number;
  /**
   * Share of slow attempts at which the breaker opens, apart from failures, which `breaker` is about. Over the
   * window and from the minimum throughput of `breaker`, or of its default where that is a function.
   * @default 0.5 - where there is a slowCallMs
   */
  slowCallRatio?: number;
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
  /**
   * Where breakers of the same targets in other processes leave word: `redisBreakerStore(client)` of
   * `holdfast/redis`, or one of your own. When one of theirs opens, a closed breaker here lets only
   * `halfOpenProbes` attempts through until one of them has succeeded, for `halfOpenAfterMs` at the most: it opens
   * only if they all fail. When one of theirs closes, an open one here probes at once.
   * @default none - each process finds out by itself
   */
  store?: BreakerStore;
  /** How often the store is looked at, in milliseconds, beside the calls. @default 1_000 */
  storePollMs?: number;
  /** How often an open target whose model is loading is asked. See {@link RetryOptions.warmUp}. */
  warmUp?: Pick<WarmUpOptions, "initialDelayMs" | "maxDelayMs">;
  /** Called on each change of state, synchronously; it must not throw. */
  onStateChange?: (transition: BreakerTransition) => void;
}
