import type { CircuitBreakerOptions } from "../resilience/breaker/options.ts";
import type { ChaosOptions } from "../resilience/chaos/options.ts";
import type { FallbackOptions } from "../resilience/fallback/options.ts";
import type { ConcurrencyLimitOptions } from "../resilience/limiter/options.ts";
import type { HedgeOptions, RetryOptions } from "../resilience/options.ts";
import type { SplitOptions } from "../resilience/split/options.ts";
import { checkBoolean, checkLayer, checkMs } from "../validate.ts";
import type { SageMakerRuntimeClientConfig } from "./client-config.ts";
import type { ConfigSources } from "./config-sources.ts";
import { resolveMaxAttempts } from "./retry-config.ts";
import { resolveTimeouts, type Timeouts } from "./timeouts.ts";

/** A record and not a list, so that the compiler finds an option that is missing here. */
const RESILIENCE: Record<keyof ResilienceOptions, true> = {
  callTimeoutMs: true,
  chaos: true,
  circuitBreaker: true,
  concurrencyLimit: true,
  fallback: true,
  hedge: true,
  maxAttempts: true,
  retry: true,
  singleFlight: true,
  split: true,
  timeouts: true,
};

/** The options that may be changed while calls run, by `client.reconfigure()` and by a file. */
export type ResilienceOptions = Pick<
  SageMakerRuntimeClientConfig,
  | "callTimeoutMs"
  | "chaos"
  | "circuitBreaker"
  | "concurrencyLimit"
  | "fallback"
  | "hedge"
  | "maxAttempts"
  | "retry"
  | "singleFlight"
  | "split"
  | "timeouts"
>;

/** Names of {@link ResilienceOptions}. */
export const RESILIENCE_OPTIONS = Object.keys(RESILIENCE) as (keyof ResilienceOptions)[];

/** {@link ResilienceOptions} as the layers take them. */
export interface ResilienceConfig {
  /** Including the first; 1 where `retry` is false. */
  readonly maxAttempts: number;
  readonly callTimeoutMs: number;
  readonly timeouts: Timeouts;
  readonly retry: RetryOptions | false | undefined;
  readonly fallback: FallbackOptions | false;
  readonly hedge: HedgeOptions | false;
  readonly split: SplitOptions | false;
  readonly circuitBreaker: CircuitBreakerOptions | false | undefined;
  readonly concurrencyLimit: ConcurrencyLimitOptions | number | false | undefined;
  readonly singleFlight: boolean;
  readonly chaos: ChaosOptions | false;
}

export const DEFAULT_CALL_TIMEOUT_MS = 120_000;

/**
 * Checks the kinds of the options of the layers, which check the rest when they are made.
 *
 * @throws {TypeError} for options that contradict each other; {@link RangeError} for a value that is not allowed
 */
export function resolveResilience(
  input: SageMakerRuntimeClientConfig,
  sources: ConfigSources,
): ResilienceConfig {
  for (const option of ["retry", "fallback", "hedge", "split", "circuitBreaker", "chaos"] as const) {
    checkLayer(option, input[option]);
  }
  if (typeof input.concurrencyLimit !== "number") checkLayer("concurrencyLimit", input.concurrencyLimit);
  return {
    maxAttempts: resolveMaxAttempts(input, sources),
    callTimeoutMs: checkMs("callTimeoutMs", input.callTimeoutMs ?? DEFAULT_CALL_TIMEOUT_MS),
    timeouts: Object.freeze(resolveTimeouts(input)),
    retry: input.retry,
    fallback: input.fallback ?? false,
    hedge: input.hedge ?? false,
    split: input.split ?? false,
    circuitBreaker: input.circuitBreaker,
    concurrencyLimit: input.concurrencyLimit,
    singleFlight: checkBoolean("singleFlight", input.singleFlight ?? false),
    chaos: input.chaos ?? false,
  };
}
