import type { Dispatcher } from "undici";
import { type Clock, systemClock } from "../clock.ts";
import type { CredentialSource } from "../credentials/credential-source.ts";
import { credentialSourceFrom } from "../credentials/from-config.ts";
import type { MetricsOptions } from "../metrics/options.ts";
import type { CircuitBreakerOptions } from "../resilience/breaker/options.ts";
import type { ChaosOptions } from "../resilience/chaos/options.ts";
import type { FallbackOptions } from "../resilience/fallback/options.ts";
import type { ConcurrencyLimitOptions } from "../resilience/limiter/options.ts";
import type { HedgeOptions, RetryOptions } from "../resilience/options.ts";
import type { SplitOptions } from "../resilience/split/options.ts";
import { checkBoolean, checkInteger, checkMs, invalidOption } from "../validate.ts";
import type { SageMakerRuntimeClientConfig } from "./client-config.ts";
import { ConfigSources, toBoolean } from "./config-sources.ts";
import { type Location, resolveLocation } from "./location.ts";
import { checkOptionNames } from "./option-names.ts";
import type { Environment } from "./profile-file.ts";
import { checkRetryMode, resolveMaxAttempts } from "./retry-config.ts";
import { resolveTimeouts, type Timeouts } from "./timeouts.ts";
import { checkAppId, userAgentOf } from "./user-agent.ts";

/** Everything a client works with, checked and complete. Frozen; it holds no secret that could be printed. */
export interface ClientConfig extends Location {
  /** Including the first; 1 where `retry` is false. */
  readonly maxAttempts: number;
  readonly callTimeoutMs: number;
  readonly timeouts: Timeouts;
  readonly maxBodyBytes: number;
  readonly maxSockets: number;
  readonly peekFirstEvent: boolean;
  readonly credentials: CredentialSource;
  readonly clockSkewCorrection: boolean;
  /** How far the service's clock is known to be ahead of this host's, in milliseconds. */
  readonly systemClockOffsetMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly dispatcher: Dispatcher | undefined;
  /** Value of the `user-agent` header. */
  readonly userAgent: string;
  readonly retry: RetryOptions | false | undefined;
  readonly fallback: FallbackOptions | false;
  readonly hedge: HedgeOptions | false;
  readonly split: SplitOptions | false;
  readonly circuitBreaker: CircuitBreakerOptions | false | undefined;
  readonly concurrencyLimit: ConcurrencyLimitOptions | number | false | undefined;
  readonly singleFlight: boolean;
  readonly chaos: ChaosOptions | false;
  readonly metrics: MetricsOptions | undefined;
}

const DEFAULT_CALL_TIMEOUT_MS = 120_000;
const DEFAULT_MAX_BODY_BYTES = 25 * 1024 * 1024;
const DEFAULT_MAX_SOCKETS = 256;

/**
 * Checks the options of a client and fills in the rest from the environment, the shared configuration files
 * and the defaults. Synchronous: a client that exists has a valid configuration.
 *
 * @throws {TypeError} for an option that does not exist, is not honoured, is missing or contradicts another
 * @throws {RangeError} for a value that is not allowed, wherever it was set
 */
export function resolveConfig(
  input: SageMakerRuntimeClientConfig = {},
  env: Environment = process.env,
): ClientConfig {
  checkOptionNames(input);
  checkPassedOn(input);
  const sources = new ConfigSources(checkProfile(input.profile), env);
  const location = resolveLocation(input, sources);
  const seams = { clock: input.clock ?? systemClock, random: input.random ?? Math.random };
  checkRetryMode(input.retryMode, sources);
  return Object.freeze({
    ...location,
    maxAttempts: resolveMaxAttempts(input, sources),
    callTimeoutMs: checkMs("callTimeoutMs", input.callTimeoutMs ?? DEFAULT_CALL_TIMEOUT_MS),
    timeouts: Object.freeze(resolveTimeouts(input)),
    maxBodyBytes: checkInteger("maxBodyBytes", input.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES, 1),
    maxSockets: resolveMaxSockets(input),
    peekFirstEvent: checkBoolean("peekFirstEvent", input.peekFirstEvent ?? false),
    credentials: credentialSourceFrom(input.credentials, {
      ...seams,
      region: location.region,
      profile: input.profile,
    }),
    clockSkewCorrection: resolveClockSkewCorrection(input, sources),
    systemClockOffsetMs: checkOffset(input.systemClockOffset ?? 0),
    ...seams,
    dispatcher: input.dispatcher,
    userAgent: userAgentOf({ appId: resolveAppId(input, sources), custom: input.customUserAgent, env }),
    retry: input.retry,
    fallback: input.fallback ?? false,
    hedge: input.hedge ?? false,
    split: input.split ?? false,
    circuitBreaker: input.circuitBreaker,
    concurrencyLimit: input.concurrencyLimit,
    singleFlight: checkBoolean("singleFlight", input.singleFlight ?? false),
    chaos: input.chaos ?? false,
    metrics: input.metrics,
  });
}

/** Options whose values are used as they are: only their kind is checked here. */
function checkPassedOn(input: SageMakerRuntimeClientConfig): void {
  const {
    dispatcher,
    clock,
    random,
    cacheMiddleware,
    retry,
    hedge,
    circuitBreaker,
    concurrencyLimit,
    metrics,
  } = input;
  if (dispatcher !== undefined && typeof dispatcher?.dispatch !== "function") {
    throw invalidOption("dispatcher", "an undici Dispatcher", dispatcher);
  }
  if (clock !== undefined && typeof clock?.epochNow !== "function")
    throw invalidOption("clock", "a Clock", clock);
  if (random !== undefined && typeof random !== "function")
    throw invalidOption("random", "a function", random);
  if (cacheMiddleware !== undefined) checkBoolean("cacheMiddleware", cacheMiddleware);
  checkLayer("retry", retry);
  checkLayer("fallback", input.fallback);
  checkLayer("hedge", hedge);
  checkLayer("split", input.split);
  checkLayer("circuitBreaker", circuitBreaker);
  checkLayer("chaos", input.chaos);
  if (typeof concurrencyLimit !== "number") checkLayer("concurrencyLimit", concurrencyLimit);
  if (metrics !== undefined && !isObject(metrics))
    throw invalidOption("metrics", "an object of options", metrics);
}

function checkLayer(option: string, value: unknown): void {
  if (value === undefined || value === false || isObject(value)) return;
  throw invalidOption(option, "an object of options, or false to leave the layer out", value);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function checkProfile(profile: string | undefined): string | undefined {
  if (profile === undefined || (typeof profile === "string" && profile !== "")) return profile;
  throw invalidOption("profile", "the name of a profile", profile);
}

function resolveMaxSockets({ maxSockets, dispatcher }: SageMakerRuntimeClientConfig): number {
  if (maxSockets === undefined) return DEFAULT_MAX_SOCKETS;
  if (dispatcher === undefined) return checkInteger("maxSockets", maxSockets, 1);
  throw new TypeError("maxSockets cannot be combined with dispatcher, which makes its own connections");
}

function resolveClockSkewCorrection(input: SageMakerRuntimeClientConfig, sources: ConfigSources): boolean {
  const { clockSkewCorrection: isOn, disableClockSkewCorrection: isOff } = input;
  if (isOn !== undefined && isOff !== undefined) {
    throw new TypeError(
      "clockSkewCorrection and disableClockSkewCorrection are the same option: give one of them",
    );
  }
  if (isOn !== undefined) return checkBoolean("clockSkewCorrection", isOn);
  if (isOff !== undefined) return !checkBoolean("disableClockSkewCorrection", isOff);
  const found = sources.find("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "disable_clock_skew_correction");
  return found === undefined || !toBoolean(found);
}

function checkOffset(offsetMs: number): number {
  if (Number.isFinite(offsetMs)) return offsetMs;
  throw invalidOption("systemClockOffset", "a number of milliseconds", offsetMs);
}

function resolveAppId(input: SageMakerRuntimeClientConfig, sources: ConfigSources): string | undefined {
  if (input.userAgentAppId !== undefined) return checkAppId("userAgentAppId", input.userAgentAppId);
  const found = sources.find("AWS_SDK_UA_APP_ID", "sdk_ua_app_id");
  return found === undefined ? undefined : checkAppId(found.origin, found.value);
}
