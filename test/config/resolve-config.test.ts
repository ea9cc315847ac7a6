import { inspect } from "node:util";
import { Agent } from "undici";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../lib/clock.ts";
import type { SageMakerRuntimeClientConfig } from "../../lib/config/client-config.ts";
import type { Environment } from "../../lib/config/profile-file.ts";
import { resolveConfig } from "../../lib/config/resolve-config.ts";
import { presets } from "../../lib/presets.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { NO_FILES, sharedFiles } from "./shared-files.ts";

const filesWith = sharedFiles();
const region = "eu-west-1";
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "s3cret-key", sessionToken: "t0ken" };
const resolve = (input: object = {}, env: Environment = {}) =>
  resolveConfig({ region, credentials, ...input } as SageMakerRuntimeClientConfig, { ...NO_FILES, ...env });

describe("a configuration", () => {
  it("is complete with a region alone", () => {
    const { credentials: source, userAgent, ...config } = resolveConfig({ region }, NO_FILES);
    expect(source.resolve).toBeTypeOf("function");
    expect(userAgent).toMatch(/^holdfast\//);
    expect(config).toEqual({
      region,
      signingRegion: region,
      url: {
        protocol: "https:",
        hostname: "runtime.sagemaker.eu-west-1.amazonaws.com",
        port: undefined,
        host: "runtime.sagemaker.eu-west-1.amazonaws.com",
        basePath: "",
      },
      isCustomEndpoint: false,
      isInLambda: false,
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      maxAttempts: 3,
      callTimeoutMs: 120_000,
      timeouts: { connectMs: 1_000, socketMs: 70_000, attemptMs: undefined },
      maxBodyBytes: 26_214_400,
      maxSockets: 256,
      peekFirstEvent: false,
      clockSkewCorrection: true,
      systemClockOffsetMs: 0,
      clock: systemClock,
      random: Math.random,
      dispatcher: undefined,
      retry: undefined,
      fallback: false,
      hedge: false,
      singleFlight: false,
      split: false,
      chaos: false,
      circuitBreaker: undefined,
      metrics: undefined,
    });
  });

  it("has what code sets", () => {
    const dispatcher = new Agent();
    const own = {
      callTimeoutMs: 5,
      maxBodyBytes: 6,
      peekFirstEvent: true,
      systemClockOffset: -7,
      dispatcher,
      clock: new FakeClock(),
      random: () => 0.5,
      retry: { retryTimeouts: true },
      circuitBreaker: false,
      metrics: {},
    };
    const { systemClockOffset, ...same } = own;
    expect(resolve(own)).toMatchObject({ ...same, systemClockOffsetMs: systemClockOffset });
    expect(resolve({ maxSockets: 8, retry: false })).toMatchObject({
      maxSockets: 8,
      retry: false,
      maxAttempts: 1,
    });
    expect(resolve({ cacheMiddleware: false })).toMatchObject({ region });
  });

  it.each(Object.entries(presets))("may be presets.%s with a dispatcher beside it", (_name, preset) => {
    const dispatcher = new Agent();
    expect(resolve({ ...preset, dispatcher })).toMatchObject({ dispatcher });
  });

  it("has no maxSockets and connectMs of a caller's own beside a dispatcher, with a preset or without", () => {
    const dispatcher = new Agent();
    const own = { timeouts: { connectMs: 5 } };
    for (const options of [{ maxSockets: 50 }, { ...presets.awsSdk, maxSockets: 51 }, own]) {
      expect(() => resolve({ ...options, dispatcher })).toThrow(/cannot be combined with dispatcher/);
    }
    expect(() => resolve({ ...presets.awsSdk, ...own, dispatcher })).toThrow(/^timeouts\.connectMs cannot/);
  });

  it("reads the environment of the process where it is given none", () => {
    expect(() => resolveConfig({ credentials })).toThrow(/no-such-file \(ENOENT\)/);
  });

  it("is frozen", () => {
    const config = resolve();
    expect([config, config.timeouts, config.url].every(Object.isFrozen)).toBe(true);
  });

  it("shows no credentials", () => {
    const config = resolve({ endpoint: "https://a.example" });
    for (const shown of [inspect(config, { depth: 9, showHidden: true }), JSON.stringify(config)]) {
      expect(shown).toContain("a.example");
      expect(shown).not.toMatch(/AKIDEXAMPLE|s3cret-key|t0ken/);
    }
  });

  it.each<[string, object, RegExp]>([
    ["callTimeoutMs", { callTimeoutMs: 0 }, /^callTimeoutMs must be a number of milliseconds above 0/],
    ["callTimeoutMs", { callTimeoutMs: "5" }, /^callTimeoutMs must be .*, got "5"$/],
    ["maxBodyBytes", { maxBodyBytes: 1.5 }, /^maxBodyBytes must be a whole number of at least 1, got 1.5$/],
    ["maxSockets", { maxSockets: 0 }, /^maxSockets must be a whole number of at least 1, got 0$/],
    [
      "maxSockets",
      { maxSockets: 5, dispatcher: new Agent() },
      /^maxSockets cannot be combined with dispatcher/,
    ],
    ["peekFirstEvent", { peekFirstEvent: 1 }, /^peekFirstEvent must be true or false, got 1$/],
    [
      "allowInsecureEndpoint",
      { allowInsecureEndpoint: "no" },
      /^allowInsecureEndpoint must be true or false/,
    ],
    ["cacheMiddleware", { cacheMiddleware: "yes" }, /^cacheMiddleware must be true or false/],
    [
      "systemClockOffset",
      { systemClockOffset: Number.NaN },
      /^systemClockOffset must be a number of milliseconds, got NaN/,
    ],
    ["dispatcher", { dispatcher: {} }, /^dispatcher must be an undici Dispatcher, got an object \(Object\)$/],
    ["dispatcher", { dispatcher: null }, /^dispatcher must be an undici Dispatcher, got null$/],
    ["clock", { clock: Date.now() }, /^clock must be a Clock/],
    ["random", { random: 0.5 }, /^random must be a function, got 0.5$/],
    [
      "retry",
      { retry: true },
      /^retry must be an object of options, or false to leave the layer out, got true$/,
    ],
    [
      "hedge",
      { hedge: true },
      /^hedge must be an object of options, or false to leave the layer out, got true/,
    ],
    ["circuitBreaker", { circuitBreaker: 5 }, /^circuitBreaker must be an object of options, or false/],
    ["metrics", { metrics: true }, /^metrics must be an object of options, got true$/],
    ["profile", { profile: "" }, /^profile must be the name of a profile, got ""$/],
    ["credentials", { credentials: { accessKeyId: "a" } }, /^credentials\.secretAccessKey is missing$/],
    ["logger", { logger: console }, /^logger is not honoured by this client: /],
    ["an unknown option", { maxAttempt: 3 }, /^maxAttempt is not an option; known here: region, /],
    [
      "a provider",
      { region: async () => "eu-west-1" },
      /^region must be a value, got a function: call it and await/,
    ],
    [
      "userAgentAppId",
      { userAgentAppId: "x".repeat(51) },
      /^userAgentAppId must be text of at most 50 characters/,
    ],
    ["retryMode", { retryMode: "adaptive" }, /^retryMode must be "standard"/],
    ["timeouts", { timeouts: { connectMs: -1 } }, /^timeouts\.connectMs must be/],
  ])("is refused with one line that names %s", (_, input, message) => {
    expect(() => resolve(input)).toThrow(message);
    expect(() => resolve(input)).not.toThrow(/\n/);
  });
});

describe("clockSkewCorrection", () => {
  const files = filesWith("[default]\ndisable_clock_skew_correction = true");

  it("is taken from code, environment and profile, in this order", () => {
    expect(resolve({}, files).clockSkewCorrection).toBe(false);
    expect(resolve({}, { ...files, AWS_DISABLE_CLOCK_SKEW_CORRECTION: "false" }).clockSkewCorrection).toBe(
      true,
    );
    expect(resolve({}, { AWS_DISABLE_CLOCK_SKEW_CORRECTION: "true" }).clockSkewCorrection).toBe(false);
    expect(resolve({ clockSkewCorrection: true }, files).clockSkewCorrection).toBe(true);
    expect(resolve({ disableClockSkewCorrection: false }, files).clockSkewCorrection).toBe(true);
    expect(resolve({ disableClockSkewCorrection: true }).clockSkewCorrection).toBe(false);
  });

  it("is one option under two names", () => {
    expect(() => resolve({ clockSkewCorrection: true, disableClockSkewCorrection: false })).toThrow(
      /are the same option/,
    );
    expect(() => resolve({}, { AWS_DISABLE_CLOCK_SKEW_CORRECTION: "1" })).toThrow(
      new RangeError('AWS_DISABLE_CLOCK_SKEW_CORRECTION must be "true" or "false", got "1"'),
    );
    expect(() => resolve({ clockSkewCorrection: 1 })).toThrow(/^clockSkewCorrection must be true or false/);
    expect(() => resolve({ disableClockSkewCorrection: 1 })).toThrow(
      /^disableClockSkewCorrection must be true or false/,
    );
  });
});

describe("userAgentAppId", () => {
  it("is taken from code, environment and profile, in this order", () => {
    const files = filesWith("[default]\nsdk_ua_app_id = in-file");
    const env = { ...files, AWS_SDK_UA_APP_ID: "in-env" };
    expect(resolve({ userAgentAppId: "in-code" }, env).userAgent).toContain(" app/in-code");
    expect(resolve({}, env).userAgent).toContain(" app/in-env");
    expect(resolve({}, files).userAgent).toContain(" app/in-file");
    expect(resolve({ customUserAgent: "shop/1" }).userAgent).toMatch(/api\/sagemaker-runtime shop\/1$/);
  });
});
