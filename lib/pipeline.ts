import type { MiddlewareStack } from "@smithy/types";
import { chaos } from "../middleware/chaos.ts";
import { circuitBreaker } from "../middleware/circuit-breaker.ts";
import { concurrencyLimit } from "../middleware/concurrency-limit.ts";
import { deadline } from "../middleware/deadline.ts";
import { deserialize } from "../middleware/deserialize.ts";
import { errorMapper } from "../middleware/error-mapper.ts";
import { fallback } from "../middleware/fallback.ts";
import { hedge } from "../middleware/hedge.ts";
import { lambdaTrace } from "../middleware/lambda-trace.ts";
import { metrics } from "../middleware/metrics.ts";
import { retry } from "../middleware/retry.ts";
import { serializeCalls } from "../middleware/serialize.ts";
import { signAttempts } from "../middleware/sign.ts";
import { singleFlight } from "../middleware/single-flight.ts";
import { socketTimeout } from "../middleware/socket-timeout.ts";
import { split } from "../middleware/split.ts";
import { createAnchors } from "./anchors.ts";
import { ClockSkew } from "./clock-skew.ts";
import type { ClientConfig } from "./config/resolve-config.ts";
import { breakerOptions, limiterOptions } from "./layer-options.ts";
import type { Breaker } from "./resilience/breaker/breaker.ts";
import type { CircuitBreakerOptions } from "./resilience/breaker/options.ts";
import type { ChaosOptions } from "./resilience/chaos/options.ts";
import type { ConcurrencyLimiter } from "./resilience/limiter/concurrency-limiter.ts";
import type { ConcurrencyLimitOptions } from "./resilience/limiter/options.ts";
import type { HedgeOptions, RetryOptions } from "./resilience/options.ts";
import type { SplitOptions } from "./resilience/split/options.ts";
import { Slot } from "./slot.ts";

/** The layers of one client, once they are in its stack. */
export interface Assembled {
  readonly breakers: Iterable<Breaker>;
  readonly limiters: Iterable<ConcurrencyLimiter>;
  /** Whether a layer has a place in the stack and is off. */
  isOff(name: string): boolean;
  /** Leaves the name of a layer that is off to another one. Whether there was one. */
  giveUp(name: string): boolean;
  /**
   * Checks the options of all layers, and changes nothing yet.
   *
   * @returns goes over to them, for handlers that are resolved afterwards
   */
  prepare(config: ClientConfig): () => void;
  /** Lets go of what the layers hold beyond the client's own life. */
  release(): void;
}

/**
 * The order of the layers, outermost first. Within one Smithy step they run in the order of adding, so this
 * file is the order: there is no other.
 */
export function addLayers(stack: MiddlewareStack<object, object>, config: ClientConfig): Assembled {
  const { connectMs } = config.timeouts;
  const slots = createSlots(config);
  const anchors = createAnchors();
  const assembled = assemble(slots, anchors);
  assembled.prepare(config)();

  for (const anchor of anchors) anchor.addTo(stack);
  // Last of its step, where the official client has it: a plug-in may set a trace of its own.
  slots.lambdaTrace.addTo(stack);

  // Once per call. Metrics see what the caller sees, so nothing is outside of them.
  if (config.metrics !== undefined) stack.use(metrics(config.metrics));
  // The deadline bounds everything below it, waiting for a retry included.
  slots.deadline.addTo(stack);
  // Bounded by the deadline; outside of all that belongs to one endpoint, so that another one gets all of it anew.
  slots.fallback.addTo(stack);
  // The payload is checked and hashed here, outside of retry: it is the same at every attempt.
  stack.use(
    serializeCalls({
      url: config.url,
      maxBodyBytes: config.maxBodyBytes,
      fixedHeaders: { "user-agent": config.userAgent },
    }),
  );

  // Behind the hash, which says what is the same; ahead of everything that would be done twice.
  slots.singleFlight.addTo(stack);

  // Once per attempt, or group of attempts that run at once. The breaker is inside of retry, so that it counts
  // attempts and stops retries too.
  slots.retry.addTo(stack);
  // Between the two: a retry may be hedged as well, and each attempt of a pair is the breaker's to admit.
  slots.hedge.addTo(stack);
  // Inside of both, so that each attempt is drawn; outside of the breaker and the limit, which are those of the variant.
  slots.split.addTo(stack);
  slots.circuitBreaker.addTo(stack);
  // Inside of the breaker, so that nobody queues for a target that is down; outside of everything that ages.
  slots.concurrencyLimit.addTo(stack);
  // Signed after every wait: a signature is good for five minutes, and credentials may have changed.
  const clockSkew = new ClockSkew(config.clockSkewCorrection, config.systemClockOffsetMs);
  stack.use(signAttempts({ credentials: config.credentials, region: config.signingRegion, clockSkew }));
  slots.socketTimeout.addTo(stack);
  // Errors get their types outside of what makes outputs, so that a bad answer is typed as well.
  stack.use(errorMapper({ connectMs }));
  stack.use(deserialize({ peekFirstEvent: config.peekFirstEvent, connectMs }));
  // In the place of the network, so that all layers see what it does.
  slots.chaos.addTo(stack);
  return assembled;
}

/** The layers that may be switched off and changed while calls run. */
function createSlots({ clock, random }: ClientConfig) {
  const seams = { clock, random };
  return {
    deadline: new Slot({ name: "deadline", step: "initialize" }, deadline),
    fallback: new Slot({ name: "fallback", step: "initialize" }, fallback),
    lambdaTrace: new Slot<true>(
      { name: "recursionDetectionMiddleware", step: "build", priority: "low" },
      lambdaTrace,
    ),
    singleFlight: new Slot<true>({ name: "singleFlight", step: "finalizeRequest" }, () => singleFlight()),
    retry: new Slot(
      { name: "retry", step: "finalizeRequest", aliases: ["retryMiddleware"] },
      (options: RetryOptions) => retry(options, seams),
    ),
    hedge: new Slot({ name: "hedge", step: "finalizeRequest" }, (options: HedgeOptions) =>
      hedge(options, seams),
    ),
    split: new Slot({ name: "split", step: "finalizeRequest" }, (options: SplitOptions) =>
      split(options, seams),
    ),
    circuitBreaker: new Slot(
      { name: "circuitBreaker", step: "finalizeRequest" },
      (options: CircuitBreakerOptions) => circuitBreaker(options, seams),
    ),
    concurrencyLimit: new Slot(
      { name: "concurrencyLimit", step: "finalizeRequest" },
      (options: ConcurrencyLimitOptions | number) => concurrencyLimit(options, seams),
    ),
    socketTimeout: new Slot({ name: "socketTimeout", step: "deserialize" }, socketTimeout),
    chaos: new Slot({ name: "chaos", step: "deserialize", priority: "low" }, (options: ChaosOptions) =>
      chaos(options, seams),
    ),
  };
}

function assemble(slots: ReturnType<typeof createSlots>, anchors: readonly Slot<never>[]): Assembled {
  const { circuitBreaker, concurrencyLimit } = slots;
  const places = [...Object.values(slots), ...anchors];
  return {
    get breakers() {
      return circuitBreaker.layer?.breakers ?? [];
    },
    get limiters() {
      return concurrencyLimit.layer?.limiters ?? [];
    },
    isOff: (name) => places.some((place) => place.name === name && place.isOff),
    giveUp: (name) => places.some((place) => place.name === name && place.giveUp()),
    prepare(config) {
      const { retry, callTimeoutMs } = config;
      const { socketMs, attemptMs } = config.timeouts;
      const changes = [
        slots.deadline.prepare({ callTimeoutMs }),
        slots.fallback.prepare(config.fallback),
        slots.lambdaTrace.prepare(config.isInLambda),
        slots.singleFlight.prepare(config.singleFlight),
        slots.retry.prepare(retry === false ? false : { ...retry, maxAttempts: config.maxAttempts }),
        slots.hedge.prepare(config.hedge),
        slots.split.prepare(config.split),
        circuitBreaker.prepare(config.circuitBreaker === false ? false : breakerOptions(config)),
        concurrencyLimit.prepare(limiterOptions(config)),
        slots.socketTimeout.prepare({ socketMs, attemptMs }),
        slots.chaos.prepare(config.chaos),
      ];
      return () => {
        for (const change of changes) change();
      };
    },
    release() {
      slots.split.lastLayer?.forgetAll();
      circuitBreaker.lastLayer?.forgetAll();
      concurrencyLimit.lastLayer?.forgetAll();
    },
  };
}
