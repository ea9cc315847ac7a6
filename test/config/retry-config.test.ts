import { describe, expect, it } from "vitest";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import { ConfigSources } from "../../lib/config/config-sources.ts";
import { checkRetryMode, resolveMaxAttempts } from "../../lib/config/retry-config.ts";
import { NO_FILES, sharedFiles } from "./shared-files.ts";

const filesWith = sharedFiles();
const sourcesOf = (env: Record<string, string>) => new ConfigSources(undefined, { ...NO_FILES, ...env });
const attempts = (input: SageMakerRuntimeClientConfig, env: Record<string, string> = {}) =>
  resolveMaxAttempts(input, sourcesOf(env));

describe("maxAttempts", () => {
  const files = filesWith("[default]\nmax_attempts = 5");

  it("is taken from code, AWS_MAX_ATTEMPTS and profile, in this order, and is 3 otherwise", () => {
    expect(attempts({ maxAttempts: 7 }, { AWS_MAX_ATTEMPTS: "6", ...files })).toBe(7);
    expect(attempts({}, { AWS_MAX_ATTEMPTS: "6", ...files })).toBe(6);
    expect(attempts({}, files)).toBe(5);
    expect(attempts({})).toBe(3);
  });

  it("may be set as an option of the retry layer instead", () => {
    expect(attempts({ retry: { maxAttempts: 4 } }, { AWS_MAX_ATTEMPTS: "6" })).toBe(4);
    expect(attempts({ maxAttempts: 2, retry: {} })).toBe(2);
    expect(() => attempts({ maxAttempts: 4, retry: { maxAttempts: 4 } })).toThrow(
      new TypeError("maxAttempts and retry.maxAttempts are the same option: give one of them"),
    );
  });

  it("is 1 without the retry layer, and no other number then", () => {
    expect(attempts({ retry: false }, { AWS_MAX_ATTEMPTS: "6" })).toBe(1);
    expect(attempts({ retry: false, maxAttempts: 1 })).toBe(1);
    expect(() => attempts({ retry: false, maxAttempts: 3 })).toThrow(
      /^maxAttempts: 3 cannot be combined with retry: false/,
    );
  });

  it("is a whole number of at least 1, wherever it is set", () => {
    for (const maxAttempts of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "3" as unknown as number]) {
      expect(() => attempts({ maxAttempts })).toThrow(/^maxAttempts must be a whole number of at least 1/);
    }
    for (const value of ["0", "-1", "1.5", "three", "3x", "0x3"]) {
      expect(() => attempts({}, { AWS_MAX_ATTEMPTS: value })).toThrow(
        /^AWS_MAX_ATTEMPTS must be a whole number of at least 1/,
      );
      expect(() => attempts({}, filesWith(`[default]\nmax_attempts = ${value}`))).toThrow(
        /^max_attempts of profile "default" in .* must be a whole number/,
      );
    }
    expect(() => attempts({ retry: { maxAttempts: 0 } })).toThrow(/^retry\.maxAttempts must be/);
  });
});

describe("retryMode", () => {
  const check = (mode: unknown, env: Record<string, string> = {}) =>
    checkRetryMode(mode as SageMakerRuntimeClientConfig["retryMode"], sourcesOf(env));

  it("may be standard, wherever it is set, or nothing", () => {
    expect(() => check("standard")).not.toThrow();
    expect(() => check(undefined)).not.toThrow();
    expect(() => check(undefined, { AWS_RETRY_MODE: "standard" })).not.toThrow();
    expect(() => check(undefined, filesWith("[default]\nretry_mode = standard"))).not.toThrow();
  });

  it("is standard where variable or profile say legacy, as the AWS SDK takes it, and not so in code", () => {
    expect(() => check(undefined, { AWS_RETRY_MODE: "legacy" })).not.toThrow();
    expect(() => check(undefined, filesWith("[default]\nretry_mode = legacy"))).not.toThrow();
    expect(() => check("legacy")).toThrow(new RangeError('retryMode must be "standard", got "legacy"'));
  });

  it("may not be adaptive, with the reason", () => {
    expect(() => check("adaptive")).toThrow(
      new RangeError(
        'retryMode must be "standard": the client-wide rate limiter of adaptive mode stalls endpoints that ' +
          'have nothing to do with each other, got "adaptive"',
      ),
    );
    expect(() => check("quick")).toThrow(new RangeError('retryMode must be "standard", got "quick"'));
  });

  it("names the variable or the profile that sets another one, and code goes before them", () => {
    expect(() => check(undefined, { AWS_RETRY_MODE: "adaptive" })).toThrow(
      /^AWS_RETRY_MODE must be "standard"/,
    );
    expect(() => check(undefined, { AWS_RETRY_MODE: "quick" })).toThrow(
      new RangeError(
        'AWS_RETRY_MODE must be "standard" (retryMode: "standard" in code goes before it), got "quick"',
      ),
    );
    const files = filesWith("[default]\nretry_mode = adaptive");
    expect(() => check(undefined, files)).toThrow(
      /^retry_mode of profile "default" in .* must be "standard"/,
    );
    expect(() => check("standard", { AWS_RETRY_MODE: "adaptive", ...files })).not.toThrow();
  });
});
