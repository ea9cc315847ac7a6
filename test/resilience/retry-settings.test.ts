import { ConstantBackoff } from "cockatiel";
import { describe, expect, it } from "vitest";
import type { RetryOptions } from "../../lib/resilience/options.ts";
import { resolveRetry } from "../../lib/resilience/retry-settings.ts";
import { defaultSeams } from "../../lib/seams.ts";

const resolve = (options: object) => resolveRetry(options as RetryOptions, defaultSeams);

describe("the options of retry", () => {
  it("have these defaults", () => {
    expect(resolve({})).toEqual({
      ...defaultSeams,
      maxAttempts: 3,
      mode: "holdfast",
      backoff: undefined,
      budget: { ratio: 0.1, minPerSecond: 1, windowMs: 10_000 },
      warmUp: { initialDelayMs: 1_000, maxDelayMs: 10_000, maxWaitMs: 360_000 },
      retryTimeouts: false,
      retryContainerOverload: true,
    });
  });

  it("are what is given", () => {
    const backoff = new ConstantBackoff(5);
    const options = {
      maxAttempts: 1,
      backoff,
      budget: { ratio: 0.2, minPerSecond: 3, windowMs: 5_000 },
      warmUp: { initialDelayMs: 20, maxDelayMs: 20, maxWaitMs: 40 },
      retryTimeouts: true,
      retryContainerOverload: false,
    };
    expect(resolve(options)).toEqual({ ...defaultSeams, mode: "holdfast", ...options });
  });

  it("may leave out the budget, or the wait for models", () => {
    const { budget, warmUp } = resolve({ budget: false, warmUp: false });
    expect([budget, warmUp]).toEqual([undefined, undefined]);
  });

  it("leave the budget to the quota of the official client in its mode", () => {
    expect(resolve({ mode: "awsSdk", maxAttempts: 4 })).toMatchObject({
      mode: "awsSdk",
      maxAttempts: 4,
      budget: undefined,
    });
  });

  it.each([
    ["budget", { ratio: 0.5 }],
    ["budget", false],
    ["warmUp", false],
    ["retryTimeouts", true],
    ["retryContainerOverload", false],
  ])("do not take %s in the mode of the official client: %j", (name, value) => {
    expect(() => resolve({ mode: "awsSdk", [name]: value })).toThrow(
      new TypeError(`retry.${name} cannot be combined with mode: "awsSdk", which decides it`),
    );
  });

  it.each<[object, string]>([
    [{ maxAttempts: 0 }, "retry.maxAttempts must be a whole number of at least 1, got 0"],
    [{ mode: "adaptive" }, 'retry.mode must be one of "holdfast", "awsSdk", got "adaptive"'],
    [
      { backoff: {} },
      "retry.backoff must be a cockatiel back-off, such as new ExponentialBackoff(), got an object (Object)",
    ],
    [
      { backoff: null },
      "retry.backoff must be a cockatiel back-off, such as new ExponentialBackoff(), got null",
    ],
    [{ retryTimeouts: "no" }, 'retry.retryTimeouts must be true or false, got "no"'],
    [{ retryContainerOverload: 1 }, "retry.retryContainerOverload must be true or false, got 1"],
    [
      { retries: 3 },
      "retry.retries is not an option; known here: maxAttempts, mode, backoff, budget, warmUp, retryTimeouts, " +
        "retryContainerOverload",
    ],
    [{ budget: 5 }, "retry.budget must be an object of options, got 5"],
    [{ warmUp: 5 }, "retry.warmUp must be an object of options, got 5"],
    [
      { warmUp: { waitMs: 5 } },
      "retry.warmUp.waitMs is not an option; known here: initialDelayMs, maxDelayMs, maxWaitMs",
    ],
    [
      { warmUp: { maxWaitMs: 0 } },
      "retry.warmUp.maxWaitMs must be a number of milliseconds above 0 and up to 2147483647, got 0",
    ],
  ])("are refused in one sentence: %o", (options, message) => {
    expect(() => resolve(options)).toThrow(message);
  });
});
