import { checkInteger, invalidOption } from "../validate.ts";
import type { SageMakerRuntimeClientConfig } from "./client-config.ts";
import type { ConfigSources, Setting } from "./config-sources.ts";

/** As the AWS SDK. */
const DEFAULT_MAX_ATTEMPTS = 3;

/**
 * Attempts of one call, the first included: what the retry layer is to be given, or 1 where it is left out.
 *
 * @throws {TypeError} where `maxAttempts` would have no effect
 */
export function resolveMaxAttempts(input: SageMakerRuntimeClientConfig, sources: ConfigSources): number {
  const { maxAttempts, retry } = input;
  if (maxAttempts !== undefined) checkInteger("maxAttempts", maxAttempts, 1);
  if (retry === false) {
    if (maxAttempts === undefined || maxAttempts === 1) return 1;
    throw new TypeError(
      `maxAttempts: ${maxAttempts} cannot be combined with retry: false, which leaves out all retries`,
    );
  }
  if (retry?.maxAttempts !== undefined) {
    if (maxAttempts === undefined) return checkInteger("retry.maxAttempts", retry.maxAttempts, 1);
    throw new TypeError("maxAttempts and retry.maxAttempts are the same option: give one of them");
  }
  return maxAttempts ?? configuredMaxAttempts(sources);
}

function configuredMaxAttempts(sources: ConfigSources): number {
  const found = sources.find("AWS_MAX_ATTEMPTS", "max_attempts");
  if (found === undefined) return DEFAULT_MAX_ATTEMPTS;
  if (!/^\d+$/.test(found.value))
    throw invalidOption(found.origin, "a whole number of at least 1", found.value);
  return checkInteger(found.origin, Number(found.value), 1);
}

/**
 * `legacy`, where it is set outside the code, is what tools of other languages are told: the AWS SDK for JavaScript takes
 * it for `standard`.
 *
 * @throws {RangeError} for any mode but `standard`, wherever it is set
 */
export function checkRetryMode(
  inCode: SageMakerRuntimeClientConfig["retryMode"],
  sources: ConfigSources,
): void {
  const mode: Setting | undefined =
    inCode === undefined
      ? sources.find("AWS_RETRY_MODE", "retry_mode")
      : { value: inCode, origin: "retryMode" };
  if (mode === undefined || mode.value === "standard") return;
  if (inCode === undefined && mode.value === "legacy") return;
  const reason =
    mode.value === "adaptive"
      ? ": the client-wide rate limiter of adaptive mode stalls endpoints that have nothing to do with each other"
      : "";
  const way = inCode === undefined ? ' (retryMode: "standard" in code goes before it)' : "";
  throw invalidOption(mode.origin, `"standard"${reason}${way}`, mode.value);
}
