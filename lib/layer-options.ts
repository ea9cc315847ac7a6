import type { ClientConfig } from "./config/resolve-config.ts";
import type { CircuitBreakerOptions } from "./resilience/breaker/options.ts";
import { LOWEST_MIN } from "./resilience/limiter/limiter-settings.ts";
import type { ConcurrencyLimitOptions } from "./resilience/limiter/options.ts";

/** An open target whose model is loading is asked on the schedule that the caller waits by. */
export function breakerOptions({
  circuitBreaker,
  retry,
}: Pick<ClientConfig, "circuitBreaker" | "retry">): CircuitBreakerOptions {
  const options = circuitBreaker || {};
  const warmUp = retry ? retry.warmUp : undefined;
  if (options.warmUp !== undefined || !warmUp) return options;
  const { initialDelayMs, maxDelayMs } = warmUp;
  return {
    ...options,
    warmUp: { ...(initialDelayMs && { initialDelayMs }), ...(maxDelayMs && { maxDelayMs }) },
  };
}

/** More in flight than there are connections would only move the queue to where nobody has a priority. */
export function limiterOptions({
  concurrencyLimit: options = {},
  maxSockets,
  dispatcher,
}: Pick<ClientConfig, "concurrencyLimit" | "maxSockets" | "dispatcher">):
  | ConcurrencyLimitOptions
  | number
  | false {
  if (typeof options !== "object" || options.algorithm === "fixed") return options;
  if (options.max !== undefined || dispatcher !== undefined) return options;
  return {
    ...options,
    max: Math.max(maxSockets, numberOr(options.min, LOWEST_MIN), numberOr(options.initial, 0)),
  };
}

/** What is no number is for the layer to refuse. */
function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
