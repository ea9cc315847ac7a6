import { type Clock, systemClock } from "../clock.ts";
import { AWS_SDK_MAX_SOCKETS } from "../config/max-sockets.ts";
import { breakerOptions, limiterOptions } from "../layer-options.ts";
import type { MetricsOptions } from "../metrics/options.ts";
import type { CircuitBreakerOptions } from "../resilience/breaker/options.ts";
import type { ConcurrencyLimitOptions } from "../resilience/limiter/options.ts";
import type { RetryOptions } from "../resilience/options.ts";
import { checkKeys, checkLayer, checkObject } from "../validate.ts";

/** Options of {@link resilience}: those of this package's own client that the AWS SDK's can honour. */
export interface PluginOptions {
  /** Options of the metrics layers. @default undefined - nothing is measured */
  metrics?: MetricsOptions | undefined;
  /**
   * The whole call, in milliseconds: every attempt, wait and queue; of a stream, up to its first event.
   * @default 120_000 - as with this package's own client
   */
  callTimeoutMs?: number | undefined;
  /**
   * Options of the retry layer, which takes the place of the SDK's own: `maxAttempts`, `retryMode` and `retryStrategy` of
   * the client mean nothing then. `false` leaves the SDK's own in its place.
   */
  retry?: RetryOptions | false | undefined;
  /** Options of the circuit breaker layer; `false` leaves it out. */
  circuitBreaker?: CircuitBreakerOptions | false | undefined;
  /**
   * Options of the concurrency limit; a number is a fixed limit per target, `false` leaves the layer out.
   * @default adaptive, with a `max` of 50 - the connections that the SDK makes unless its `requestHandler` is told otherwise
   */
  concurrencyLimit?: ConcurrencyLimitOptions | number | false | undefined;
  /** Source of time of the layers, for tests: the SDK's own clocks go by the system's. @default the system's */
  clock?: Clock | undefined;
  /** Source of randomness, uniform in [0, 1), for tests. @default `Math.random` */
  random?: (() => number) | undefined;
}

/** A record and not a list, so that the compiler finds an option that is missing here. */
const KNOWN: Record<keyof PluginOptions, true> = {
  callTimeoutMs: true,
  circuitBreaker: true,
  clock: true,
  concurrencyLimit: true,
  metrics: true,
  random: true,
  retry: true,
};

/** {@link PluginOptions} as the layers take them. */
export type PluginSettings = ReturnType<typeof resolvePluginOptions>;

/** @throws {TypeError} for an option that does not exist; {@link RangeError} for a value that is none */
export function resolvePluginOptions(options: PluginOptions) {
  checkObject("the argument of resilience()", options);
  checkKeys("resilience()", options, Object.keys(KNOWN));
  checkLayer("retry", options.retry);
  checkLayer("circuitBreaker", options.circuitBreaker);
  if (typeof options.concurrencyLimit !== "number") checkLayer("concurrencyLimit", options.concurrencyLimit);
  const { callTimeoutMs, circuitBreaker, concurrencyLimit, retry = {} } = options;
  return {
    metrics: options.metrics,
    deadline: callTimeoutMs === undefined ? {} : { callTimeoutMs },
    retry,
    circuitBreaker: circuitBreaker === false ? (false as const) : breakerOptions({ circuitBreaker, retry }),
    concurrencyLimit: limiterOptions({
      concurrencyLimit,
      maxSockets: AWS_SDK_MAX_SOCKETS,
      dispatcher: undefined,
    }),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}
