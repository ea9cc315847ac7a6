import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { testBreaker } from "../../support/breakers.ts";

describe("breaker options", () => {
  it.each([
    [{ halfOpenAfterMs: 0 }, "circuitBreaker.halfOpenAfterMs must be a number of milliseconds above 0"],
    [{ halfOpenProbes: 0 }, "circuitBreaker.halfOpenProbes must be a whole number of at least 1, got 0"],
    [
      { halfOpenAfterMs: 9_000, maxOpenMs: 5_000 },
      "circuitBreaker.maxOpenMs must be at least halfOpenAfterMs (9000), got 5000",
    ],
    [{ slowCallMs: Number.NaN }, "circuitBreaker.slowCallMs must be a number of milliseconds above 0"],
    [{ recoveryRampMs: -1 }, "circuitBreaker.recoveryRampMs must be a number of milliseconds above 0"],
    [
      { breaker: new ConsecutiveBreaker(3) },
      "circuitBreaker.breaker must be a function that makes a rule, or an object of numbers, got an object",
    ],
    [
      { breaker: null },
      "circuitBreaker.breaker must be a function that makes a rule, or an object of numbers",
    ],
    [{ breaker: { failureRatio: 2 } }, "circuitBreaker.breaker.failureRatio must be a number above 0"],
    [{ breaker: { threshold: 2 } }, "circuitBreaker.breaker.threshold is not an option"],
    [{ slowCallRatio: 0.5 }, "circuitBreaker.slowCallRatio must be left out without slowCallMs, got 0.5"],
    [{ slowCallMs: 10, slowCallRatio: 0 }, "circuitBreaker.slowCallRatio must be a number above 0"],
    [{ key: "x" }, 'circuitBreaker.key must be a function, got "x"'],
    [{ onStateChange: 5 }, "circuitBreaker.onStateChange must be a function, got 5"],
    [{ warmUp: { maxWaitMs: 1 } }, "circuitBreaker.warmUp.maxWaitMs is not an option"],
    [{ halfOpenAfter: 5_000 }, "circuitBreaker.halfOpenAfter is not an option"],
  ])("%o is refused by name", (options, message) => {
    expect(() => testBreaker(options as object)).toThrow(message);
  });
});
