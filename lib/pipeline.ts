import type { MiddlewareStack } from "@smithy/types";
import { chaos } from "../middleware/chaos.ts";
import { circuitBreaker } from "../middleware/circuit-breaker.ts";
import { concurrencyLimit } from "../middleware/concurrency-limit.ts";
import { deadline } from "../middleware/deadline.ts";
import { deserialize } from "../middleware/deserialize.ts";
import { errorMapper } from "../middleware/error-mapper.ts";
import { fallback } from "../middleware/fallback.ts";
import { hedge } from "../middleware/hedge.ts";
import { metrics } from "../middleware/metrics.ts";
import { retry } from "../middleware/retry.ts";
import { serialize } from "../middleware/serialize.ts";
import { sign } from "../middleware/sign.ts";
import { singleFlight } from "../middleware/single-flight.ts";
import { socketTimeout } from "../middleware/socket-timeout.ts";
import { split } from "../middleware/split.ts";
import { ClockSkew } from "./clock-skew.ts";
import type { ClientConfig } from "./config/resolve-config.ts";
import type { Breaker } from "./resilience/breaker/breaker.ts";
import type { CircuitBreakerOptions } from "./resilience/breaker/options.ts";
import type { ConcurrencyLimiter } from "./resilience/limiter/concurrency-limiter.ts";
import { LOWEST_MIN } from "./resilience/limiter/limiter-settings.ts";
import type { ConcurrencyLimitOptions } from "./resilience/limiter/options.ts";

/** What is left to say to the layers once they are in the stack. */
export interface Assembled {
  readonly breakers: Iterable<Breaker>;
  readonly limiters: Iterable<ConcurrencyLimiter>;
  /** Lets go of what the layers hold beyond the client's own life. */
  release(): void;
}

/**
 * The order of the layers, outermost first. Within one Smithy step they run in the order of adding, so this
 * file is the order: there is no other.
 */
export function addLayers(stack: MiddlewareStack<object, object>, config: ClientConfig): Assembled {
  const seams = { clock: config.clock, random: config.random };
  const { connectMs } = config.timeouts;

  // Once per call. Metrics see what the caller sees, so nothing is outside of them.
  if (config.metrics !== undefined) stack.use(metrics(config.metrics));
  // The deadline bounds everything below it, waiting for a retry included.
  stack.use(deadline({ callTimeoutMs: config.callTimeoutMs }));
  // Bounded by the deadline; outside of all that belongs to one endpoint, so that another one gets all of it anew.
  if (config.fallback !== false) stack.use(fallback(config.fallback));
  // The payload is checked and hashed here, outside of retry: it is the same at every attempt.
  stack.use(
    serialize({ url: config.url, maxBodyBytes: config.maxBodyBytes, fixedHeaders: fixedHeaders(config) }),
  );

  // Behind the hash, which says what is the same; ahead of everything that would be done twice.
  if (config.singleFlight) stack.use(singleFlight());

  // Once per attempt, or group of attempts that run at once. The breaker is inside of retry, so that it counts
  // attempts and stops retries too.
  if (config.retry !== false) stack.use(retry({ ...config.retry, maxAttempts: config.maxAttempts }, seams));
  // Between the two: a retry may be hedged as well, and each attempt of a pair is the breaker's to admit.
  if (config.hedge !== false) stack.use(hedge(config.hedge, seams));
  // Inside of both, so that each attempt is drawn; outside of the breaker and the limit, which are those of the variant.
  const splitter = config.split === false ? undefined : split(config.split, seams);
  if (splitter !== undefined) stack.use(splitter);
  const breaker = config.circuitBreaker === false ? undefined : circuitBreaker(breakerOptions(config), seams);
  if (breaker !== undefined) stack.use(breaker);
  // Inside of the breaker, so that nobody queues for a target that is down; outside of everything that ages.
  const { concurrencyLimit: limits = {} } = config;
  const limiter = limits === false ? undefined : concurrencyLimit(limiterOptions(limits, config), seams);
  if (limiter !== undefined) stack.use(limiter);
  // Signed after every wait: a signature is good for five minutes, and credentials may have changed.
  const clockSkew = new ClockSkew(config.clockSkewCorrection, config.systemClockOffsetMs);
  stack.use(sign({ credentials: config.credentials, region: config.signingRegion, clockSkew }));
  stack.use(socketTimeout(config.timeouts));
  // Errors get their types outside of what makes outputs, so that a bad answer is typed as well.
  stack.use(errorMapper({ connectMs }));
  stack.use(deserialize({ peekFirstEvent: config.peekFirstEvent, connectMs }));
  // In the place of the network, so that all layers see what it does.
  if (config.chaos !== false) stack.use(chaos(config.chaos, seams));
  return {
    breakers: breaker?.breakers ?? [],
    limiters: limiter?.limiters ?? [],
    release() {
      splitter?.forgetAll();
      breaker?.forgetAll();
      limiter?.forgetAll();
    },
  };
}

function fixedHeaders({ userAgent }: ClientConfig): Record<string, string> {
  return { "user-agent": userAgent };
}

/** An open target whose model is loading is asked on the schedule that the caller waits by. */
function breakerOptions({ circuitBreaker, retry }: ClientConfig): CircuitBreakerOptions {
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
function limiterOptions(
  options: ConcurrencyLimitOptions | number,
  { maxSockets, dispatcher }: ClientConfig,
): ConcurrencyLimitOptions | number {
  if (typeof options === "number" || options.algorithm === "fixed") return options;
  if (options.max !== undefined || dispatcher !== undefined) return options;
  return { ...options, max: Math.max(maxSockets, options.min ?? LOWEST_MIN, options.initial ?? 0) };
}
