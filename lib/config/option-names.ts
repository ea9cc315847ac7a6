import { invalidOption } from "../validate.ts";
import type { SageMakerRuntimeClientConfig } from "./client-config.ts";
import { REFUSED_OPTIONS } from "./refused-options.ts";

/** Options that are functions. The AWS SDK takes a provider function for most others too. */
const FUNCTION_OPTIONS: readonly string[] = ["credentials", "random"];

/** A record and not a list, so that the compiler finds an option that is missing here. */
const HONOURED: Record<keyof SageMakerRuntimeClientConfig, true> = {
  region: true,
  endpoint: true,
  credentials: true,
  profile: true,
  useFipsEndpoint: true,
  useDualstackEndpoint: true,
  ignoreConfiguredEndpointUrls: true,
  signingRegion: true,
  maxAttempts: true,
  retryMode: true,
  requestHandler: true,
  customUserAgent: true,
  userAgentAppId: true,
  disableClockSkewCorrection: true,
  clockSkewCorrection: true,
  systemClockOffset: true,
  cacheMiddleware: true,
  callTimeoutMs: true,
  timeouts: true,
  maxBodyBytes: true,
  maxSockets: true,
  dispatcher: true,
  peekFirstEvent: true,
  allowInsecureEndpoint: true,
  resilience: true,
  retry: true,
  fallback: true,
  hedge: true,
  split: true,
  circuitBreaker: true,
  concurrencyLimit: true,
  singleFlight: true,
  chaos: true,
  metrics: true,
  clock: true,
  random: true,
};

/** Every option that this client honours. */
export const HONOURED_OPTIONS: readonly string[] = Object.keys(HONOURED);

/**
 * Checks that each option exists, is honoured, and is a value. One that is `undefined` is left out.
 *
 * @throws {TypeError} naming the first that is not, and what to use instead
 */
export function checkOptionNames(input: object): void {
  if (typeof input !== "object" || input === null)
    throw invalidOption("The configuration", "an object", input);
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined) checkOption(name, value);
  }
}

function checkOption(name: string, value: unknown): void {
  if (Object.hasOwn(HONOURED, name)) checkIsValue(name, value);
  else if (!Object.hasOwn(REFUSED_OPTIONS, name)) throw unknownOption(name);
  else throw new TypeError(`${name} is not honoured by this client: ${REFUSED_OPTIONS[name]}`);
}

function checkIsValue(name: string, value: unknown): void {
  if (typeof value !== "function" || FUNCTION_OPTIONS.includes(name)) return;
  throw new TypeError(`${name} must be a value, got a function: call it and await what it provides first`);
}

function unknownOption(name: string): TypeError {
  return new TypeError(`${name} is not an option; known here: ${HONOURED_OPTIONS.join(", ")}`);
}
