import type { Dispatcher } from "undici";
import { type Clock, systemClock } from "../clock.ts";
import { checkClockOffset } from "../clock-skew.ts";
import type { CredentialSource } from "../credentials/credential-source.ts";
import { credentialSourceFrom } from "../credentials/from-config.ts";
import type { MetricsOptions } from "../metrics/options.ts";
import { checkBoolean, checkInteger, invalidOption } from "../validate.ts";
import type { SageMakerRuntimeClientConfig } from "./client-config.ts";
import { ConfigSources, toBoolean } from "./config-sources.ts";
import { type Location, resolveLocation } from "./location.ts";
import { resolveMaxSockets } from "./max-sockets.ts";
import { checkOptionNames } from "./option-names.ts";
import type { Environment } from "./profile-file.ts";
import { type ResilienceConfig, resolveResilience } from "./resilience-config.ts";
import { checkRetryMode } from "./retry-config.ts";
import { DEFAULT_MAX_BODY_BYTES } from "./serialize-options.ts";
import { checkAppId, userAgentOf } from "./user-agent.ts";

/** Everything a client works with, checked and complete. Frozen; it holds no secret that could be printed. */
export interface ClientConfig extends Location, ResilienceConfig {
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
  readonly metrics: MetricsOptions | undefined;
  /** Whether the process is a Lambda function's, whose calls belong to a trace. */
  readonly isInLambda: boolean;
}

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
    ...resolveResilience(input, sources),
    maxBodyBytes: checkInteger("maxBodyBytes", input.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES, 1),
    maxSockets: resolveMaxSockets(input),
    peekFirstEvent: checkBoolean("peekFirstEvent", input.peekFirstEvent ?? false),
    credentials: credentialSourceFrom(input.credentials, {
      ...seams,
      region: location.region,
      profile: input.profile,
    }),
    clockSkewCorrection: resolveClockSkewCorrection(input, sources),
    systemClockOffsetMs: checkClockOffset("systemClockOffset", input.systemClockOffset ?? 0),
    ...seams,
    dispatcher: input.dispatcher,
    userAgent: userAgentOf({ appId: resolveAppId(input, sources), custom: input.customUserAgent, env }),
    metrics: input.metrics,
    isInLambda: Boolean(env.AWS_LAMBDA_FUNCTION_NAME),
  });
}

/**
 * The configuration of a client whose options of resilience were changed to those of `input`.
 *
 * @throws {TypeError} and {@link RangeError} as {@link resolveConfig}
 */
export function reconfigured(config: ClientConfig, input: SageMakerRuntimeClientConfig): ClientConfig {
  const changed = withOptions(config, input);
  const { connectMs } = config.timeouts;
  if (changed.timeouts.connectMs !== connectMs) {
    throw new TypeError(
      `timeouts.connectMs cannot be changed, which is ${connectMs}, to ${changed.timeouts.connectMs}: make a new client`,
    );
  }
  return changed;
}

/** A configuration with the options of resilience of `input` in the place of its own. */
export function withOptions(config: ClientConfig, input: SageMakerRuntimeClientConfig): ClientConfig {
  return Object.freeze({
    ...config,
    ...resolveResilience(input, new ConfigSources(input.profile, process.env)),
  });
}

/** Options whose values are used as they are: only their kind is checked here. */
function checkPassedOn(input: SageMakerRuntimeClientConfig): void {
  const { dispatcher, clock, random, cacheMiddleware, metrics } = input;
  if (dispatcher !== undefined && typeof dispatcher?.dispatch !== "function") {
    throw invalidOption("dispatcher", "an undici Dispatcher", dispatcher);
  }
  if (clock !== undefined && typeof clock?.epochNow !== "function")
    throw invalidOption("clock", "a Clock", clock);
  if (random !== undefined && typeof random !== "function")
    throw invalidOption("random", "a function", random);
  if (cacheMiddleware !== undefined) checkBoolean("cacheMiddleware", cacheMiddleware);
  if (metrics !== undefined && (typeof metrics !== "object" || metrics === null))
    throw invalidOption("metrics", "an object of options", metrics);
}

function checkProfile(profile: string | undefined): string | undefined {
  if (profile === undefined || (typeof profile === "string" && profile !== "")) return profile;
  throw invalidOption("profile", "the name of a profile", profile);
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

function resolveAppId(input: SageMakerRuntimeClientConfig, sources: ConfigSources): string | undefined {
  if (input.userAgentAppId !== undefined) return checkAppId("userAgentAppId", input.userAgentAppId);
  const found = sources.find("AWS_SDK_UA_APP_ID", "sdk_ua_app_id");
  return found === undefined ? undefined : checkAppId(found.origin, found.value);
}
