import { MAX_TIMER_MS } from "./clock.ts";
import type { SageMakerRuntimeClientConfig } from "./config/client-config.ts";
import { AWS_SDK_MAX_SOCKETS } from "./config/max-sockets.ts";
import type { ResilienceOptions } from "./config/resilience-config.ts";

/** Every layer of resilience but `fallback` and `split`, which are about endpoints; so that one preset can follow another. */
const STANDARD = {
  callTimeoutMs: 120_000,
  timeouts: {},
  retry: {},
  hedge: false,
  circuitBreaker: {},
  concurrencyLimit: {},
  singleFlight: false,
  chaos: false,
} as const satisfies ResilienceOptions;

/**
 * Options for kinds of traffic: `new SageMakerRuntimeClient({ ...presets.highTraffic, region })`, or live (all but
 * `awsSdk`, which has options of connections), `client.reconfigure(presets.highTraffic)`. Each speaks of every layer of
 * resilience but `fallback` and `split`: what these say stays, as does a `maxAttempts` of the client, unless the preset
 * has its own.
 */
export const presets = {
  /** The defaults. */
  standard: STANDARD,

  /**
   * Thousands of calls a second to one endpoint. A caller is told early: a queue of a second is all that such a rate
   * can use, and a breaker has its evidence in half the time. Retries are fewer, because at this rate a twentieth
   * of the successes is plenty, and five a second start a quiet process.
   */
  highTraffic: {
    ...STANDARD,
    callTimeoutMs: 30_000,
    retry: { budget: { ratio: 0.05, minPerSecond: 5 } },
    circuitBreaker: { breaker: { minimumThroughput: 100, windowMs: 5_000 }, halfOpenProbes: 5 },
    concurrencyLimit: { maxQueue: 2_000, queueTimeoutMs: 1_000 },
  },

  /**
   * Somebody waits for the answer. Slow attempts are hedged, which may run a model twice; an attempt ends after a
   * second and a call after two, and a model that is loading is not waited for. A target that is down is asked again
   * after half a second, one whose model is loading at least each other second.
   */
  lowLatency: {
    ...STANDARD,
    callTimeoutMs: 2_000,
    timeouts: { socketMs: 1_000, attemptMs: 1_000 },
    retry: { warmUp: false },
    hedge: {},
    circuitBreaker: {
      halfOpenAfterMs: 500,
      maxOpenMs: 2_000,
      recoveryRampMs: 1_000,
      warmUp: { initialDelayMs: 500, maxDelayMs: 2_000 },
    },
    concurrencyLimit: { maxQueue: 1_000, queueTimeoutMs: 200 },
  },

  /**
   * Work that has to be done, at any time in the next quarter of an hour. Calls wait for their turn instead of being
   * refused, and are tried more often with more time in between. The limit follows refusals alone: what a batch asks
   * takes as long as it takes.
   */
  batch: {
    ...STANDARD,
    callTimeoutMs: 900_000,
    retry: { maxAttempts: 8 },
    concurrencyLimit: { algorithm: "aimd", maxQueue: 100_000, queueTimeoutMs: 600_000 },
  },

  /**
   * A multi-model endpoint. A call outlasts the loading of its model, which takes up to 360 s, and its answer, up to
   * 60 s more; the model is asked each second, so that its callers are answered within two of its readiness; ten times
   * as many targets are remembered, one for each model. Latency says how large a model is and not how busy its endpoint,
   * so the limit follows refusals alone.
   */
  multiModel: {
    ...STANDARD,
    callTimeoutMs: 430_000,
    retry: { warmUp: { maxWaitMs: 360_000, maxDelayMs: 1_000 } },
    circuitBreaker: { maxTargets: 10_240 },
    concurrencyLimit: { algorithm: "aimd", maxTargets: 10_240 },
  },

  /**
   * The official client's behaviour: its retries and quota, no deadline, no timeouts, no breaker, no limiter; 50
   * connections with an unbounded queue in front, or those of a `dispatcher` beside it; a stream is answered with its first
   * event. For a first step of a migration, or for a comparison: of what it leaves out, nothing protects an endpoint in an
   * overload.
   *
   * What stays different: input is checked before it is sent; a request on a keep-alive connection that had just been
   * closed is sent once more within its attempt; credentials are refreshed once for an expired token.
   */
  awsSdk: {
    ...STANDARD,
    callTimeoutMs: MAX_TIMER_MS,
    timeouts: { connectMs: MAX_TIMER_MS, socketMs: MAX_TIMER_MS },
    retry: { mode: "awsSdk" },
    circuitBreaker: false,
    concurrencyLimit: false,
    maxSockets: AWS_SDK_MAX_SOCKETS,
    peekFirstEvent: true,
  },
} as const satisfies Record<string, SageMakerRuntimeClientConfig>;
