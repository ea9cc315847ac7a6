import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import type { Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import type { MetricsOptions } from "../metrics/options.ts";
import type { CircuitBreakerOptions } from "../resilience/breaker/options.ts";
import type { ChaosOptions } from "../resilience/chaos/options.ts";
import type { FallbackOptions } from "../resilience/fallback/options.ts";
import type { ConcurrencyLimitOptions } from "../resilience/limiter/options.ts";
import type { HedgeOptions, RetryOptions } from "../resilience/options.ts";
import type { SplitOptions } from "../resilience/split/options.ts";
import type { ResilienceSource } from "../resilience-file/resilience-file.ts";
import type { EndpointInput } from "./custom-endpoint.ts";
import type { CustomUserAgent } from "./user-agent.ts";

/** The clocks that bound an attempt. `callTimeoutMs` bounds all attempts together. */
export interface TimeoutOptions {
  /**
   * Name look-up, TCP and TLS, in milliseconds, in which the event loop goes on: one that stands still, however long, takes
   * a quarter of them at most. Not with `dispatcher`.
   * @default 1_000 - within a region they take a few; a second try elsewhere beats waiting. In every mode of
   * `AWS_DEFAULTS_MODE`, which is not looked at
   */
  connectMs?: number | undefined;
  /**
   * How long a socket may stay without a byte once the request is on its way, in milliseconds. Of a large payload,
   * 512 KiB must leave in that time.
   * @default 70_000 - a container may take 60 s to answer; 70 s is what the service's documentation advises
   */
  socketMs?: number | undefined;
  /**
   * One attempt as a whole, from signing to the last byte of the answer, of a stream to its head, in milliseconds.
   * @default undefined - `socketMs` ends what is stuck, `callTimeoutMs` what is too long
   */
  attemptMs?: number | undefined;
}

/** The AWS SDK's options of an HTTP handler that have a counterpart here. */
export interface RequestHandlerOptions {
  /** The same as `timeouts.attemptMs`; 0: no bound. */
  requestTimeout?: number | undefined;
  /** The same as `timeouts.connectMs`. */
  connectionTimeout?: number | undefined;
  /** The same as `timeouts.socketMs`. */
  socketTimeout?: number | undefined;
  /** A timeout is always an error here. */
  throwOnRequestTimeout?: true | undefined;
}

/**
 * Options of a client. Those of the AWS SDK have its names; an option that this client does not honour is
 * an error when the client is made. What is set in code goes before the environment, the environment before
 * the profile. `undefined` is the same as leaving the option out.
 */
export interface SageMakerRuntimeClientConfig {
  /**
   * The region of the endpoints.
   * @default `AWS_REGION`, `AWS_DEFAULT_REGION`, or the profile's; there is no other: without, an error
   */
  region?: string | undefined;
  /**
   * Where requests go instead of the region's own endpoint: an `https://` URL, which may have a base path.
   * @default `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`, `AWS_ENDPOINT_URL`, or the profile's `endpoint_url`
   */
  endpoint?: EndpointInput | undefined;
  /**
   * Credentials, or a function that provides them, such as those of `@aws-sdk/credential-providers`. It is
   * called once for all calls that wait, ahead of the expiry, and again when the service refuses a token.
   * @default the AWS default chain: environment, profile, SSO, web identity, process, container, instance
   */
  credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider | undefined;
  /**
   * The profile of the shared configuration files, for every setting and for the credential chain.
   * @default `AWS_PROFILE`, else `default`
   */
  profile?: string | undefined;
  /** @default `AWS_USE_FIPS_ENDPOINT` or the profile's; else false */
  useFipsEndpoint?: boolean | undefined;
  /** @default `AWS_USE_DUALSTACK_ENDPOINT` or the profile's; else false */
  useDualstackEndpoint?: boolean | undefined;
  /**
   * Whether endpoints from the environment and the profile are left aside; `endpoint` is not affected.
   * @default `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` or the profile's; else false
   */
  ignoreConfiguredEndpointUrls?: boolean | undefined;
  /** The region that signatures name, for an endpoint that answers for another one. @default `region` */
  signingRegion?: string | undefined;
  /**
   * Attempts of one call, including the first.
   * @default `AWS_MAX_ATTEMPTS`, the profile's `max_attempts`, or 3 - as the AWS SDK
   */
  maxAttempts?: number | undefined;
  /** Only `standard`: the client-wide rate limiter of `adaptive` stalls unrelated endpoints. */
  retryMode?: "standard" | undefined;
  /** The clocks in the AWS SDK's words. An instance of a handler is not taken: see `dispatcher`. */
  requestHandler?: RequestHandlerOptions | undefined;
  /** Added to the user agent: text, or pairs of a name and a version. */
  customUserAgent?: CustomUserAgent | undefined;
  /**
   * Names the application in the user agent; at most 50 characters.
   * @default `AWS_SDK_UA_APP_ID` or the profile's `sdk_ua_app_id`
   */
  userAgentAppId?: string | undefined;
  /**
   * Whether requests are dated by the service's clock after it refused a signature for its date.
   * @default true, unless `AWS_DISABLE_CLOCK_SKEW_CORRECTION` or the profile says otherwise
   */
  clockSkewCorrection?: boolean | undefined;
  /** The AWS SDK's word for the opposite of `clockSkewCorrection`. */
  disableClockSkewCorrection?: boolean | undefined;
  /**
   * How far the service's clock is ahead of this host's, in milliseconds, as far as it is known already.
   * @default 0
   */
  systemClockOffset?: number | undefined;
  /** Handlers are always composed once and kept until the stack changes; accepted for the AWS SDK's sake. */
  cacheMiddleware?: boolean | undefined;
  /**
   * The whole call, in milliseconds: every attempt, wait and queue.
   * @default 120_000 - one attempt of 70 s and a second chance
   */
  callTimeoutMs?: number | undefined;
  timeouts?: TimeoutOptions | undefined;
  /**
   * Largest payload in bytes that is sent; a larger one is refused before it is hashed.
   * @default 26_214_400 - the 25 MB of the service's documentation
   */
  maxBodyBytes?: number | undefined;
  /**
   * Connections at once. Not with `dispatcher`.
   * @default 256 - a slow model holds one per call; beyond it calls queue, which the metrics show
   */
  maxSockets?: number | undefined;
  /** A dispatcher of undici 7 or later in place of the client's own pool: an Agent, ProxyAgent, MockAgent, ... */
  dispatcher?: Dispatcher | undefined;
  /**
   * Whether a streaming call resolves when the first part has arrived, as in the AWS SDK, so that an error
   * in its place is thrown by `send` and may be retried.
   * @default false - the call resolves at the headers
   */
  peekFirstEvent?: boolean | undefined;
  /** Whether `endpoint` may be `http://` to another machine than this one. @default false */
  allowInsecureEndpoint?: boolean | undefined;
  /**
   * Options of resilience that may change by themselves: what `resilienceFromFile()` gives. They go before those in
   * code, so that whoever runs the service has the last word.
   * @default undefined - they change by `reconfigure()` alone
   */
  resilience?: ResilienceSource | undefined;
  /** Options of the retry layer; `false` leaves it out. */
  retry?: RetryOptions | false | undefined;
  /**
   * What may answer a call that is lost: another variant or endpoint, another client, a function, a constant.
   * @default false - only the caller knows what is a good answer in place of the model's
   */
  fallback?: FallbackOptions | false | undefined;
  /**
   * Options of the hedge layer, which asks a second time beside a slow answer; `{}` for its defaults.
   * @default false - a hedged model may run twice for one call: whether that does no harm is the caller's to say
   */
  hedge?: HedgeOptions | false | undefined;
  /**
   * Weights of production variants by endpoint, for this client to choose `TargetVariant` of each attempt by, and when a
   * failing variant is taken out.
   * @default false - the endpoint chooses, by its own weights
   */
  split?: SplitOptions | false | undefined;
  /** Options of the circuit breaker layer; `false` leaves it out. */
  circuitBreaker?: CircuitBreakerOptions | false | undefined;
  /**
   * Options of the concurrency limit; a number is a fixed limit per target, `false` leaves the layer out.
   * @default adaptive - 256 in flight per target to begin with, less where the target slows down or refuses
   */
  concurrencyLimit?: ConcurrencyLimitOptions | number | false | undefined;
  /**
   * Whether identical calls that are made at the same time share one invocation.
   * @default false - only the caller knows that the model answers the same when asked the same
   */
  singleFlight?: boolean | undefined;
  /** Faults to inject, for tests and drills; `false` leaves the layer out. @default false */
  chaos?: ChaosOptions | false | undefined;
  /** Options of the metrics layers. @default undefined - nothing is measured */
  metrics?: MetricsOptions | undefined;
  /** Source of time, for tests. @default the system's */
  clock?: Clock | undefined;
  /** Source of randomness, uniform in [0, 1), for tests. @default `Math.random` */
  random?: (() => number) | undefined;
}
