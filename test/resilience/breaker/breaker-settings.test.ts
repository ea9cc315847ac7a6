import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { type BreakerSettings, resolveBreaker } from "../../../lib/resilience/breaker/breaker-settings.ts";
import type { CircuitBreakerOptions } from "../../../lib/resilience/breaker/options.ts";
import { targetOf } from "../../../lib/target.ts";
import { testBreaker } from "../../support/breakers.ts";
import { FakeClock } from "../../support/fake-clock.ts";

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
    [
      { breaker: () => ({ threshold: 3 }) },
      "circuitBreaker.breaker must be a function that makes a rule, such as a ConsecutiveBreaker, got an object",
    ],
    [{ breaker: { failureRatio: 2 } }, "circuitBreaker.breaker.failureRatio must be a number above 0"],
    [{ breaker: { threshold: 2 } }, "circuitBreaker.breaker.threshold is not an option"],
    [{ slowCallRatio: 0.5 }, "circuitBreaker.slowCallRatio must be left out without slowCallMs, got 0.5"],
    [{ slowCallMs: 10, slowCallRatio: 0 }, "circuitBreaker.slowCallRatio must be a number above 0"],
    [{ key: "x" }, 'circuitBreaker.key must be a function, got "x"'],
    [{ onStateChange: 5 }, "circuitBreaker.onStateChange must be a function, got 5"],
    [{ warmUp: { maxWaitMs: 1 } }, "circuitBreaker.warmUp.maxWaitMs is not an option"],
    [{ halfOpenAfter: 5_000 }, "circuitBreaker.halfOpenAfter is not an option"],
    [{ maxOpenMs: Number.NaN }, "circuitBreaker.maxOpenMs must be a number of milliseconds above 0"],
    [{ maxTargets: 0 }, "circuitBreaker.maxTargets must be a whole number of at least 1, got 0"],
    [{ storePollMs: 0 }, "circuitBreaker.storePollMs must be a number of milliseconds above 0"],
    [{ breaker: [] }, "circuitBreaker.breaker must be a function that makes a rule, or an object of numbers"],
    [{ breaker: 7 }, "circuitBreaker.breaker must be a function that makes a rule, or an object of numbers"],
  ])("%o is refused by name", (options, message) => {
    expect(() => testBreaker(options as object)).toThrow(message);
  });

  it.each([null, 7, { publish() {} }, { read() {} }])("refuse %o as a store", (store) => {
    expect(() => testBreaker({ store } as object)).toThrow(
      "circuitBreaker.store must be an object with the functions publish and read",
    );
  });

  const resolve = (options: CircuitBreakerOptions = {}, random = 0.5) =>
    resolveBreaker(options, { clock: new FakeClock(), random: () => random });

  it("may be left out", () => {
    expect(resolve()).toMatchObject({
      halfOpenProbes: 3,
      earlyProbingMs: 1_000,
      recoveryRampMs: 2_000,
      slowCallMs: Number.POSITIVE_INFINITY,
      slowCalls: undefined,
      maxTargets: 1_024,
      store: undefined,
      storePollMs: 1_000,
      onStateChange: undefined,
    });
  });

  it("double the open time from halfOpenAfterMs to maxOpenMs, and have a fleet's differ by a tenth of it", () => {
    const times = ({ openForMs }: BreakerSettings) => [0, 1, 2, 3, 10].map((n) => openForMs("failure", n));
    expect(times(resolve())).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(times(resolve({}, 0))).toEqual([900, 1_800, 3_600, 4_500, 4_500]);
    expect(times(resolve({}, 1))).toEqual([1_100, 2_200, 4_400, 5_500, 5_500]);
    expect(times(resolve({ halfOpenAfterMs: 700, maxOpenMs: 700 }))).toEqual(Array(5).fill(700));
  });

  it("have each target go by itself, unless key says what goes together", () => {
    const target = targetOf({ EndpointName: "churn", TargetModel: "a.tar.gz" });
    const apart = resolve();
    expect([apart.key(target), apart.isOneTarget(target)]).toEqual([target.key, true]);
    const together = resolve({ key: ({ endpoint }) => endpoint });
    expect([together.key(target), together.isOneTarget(target)]).toEqual(["churn", false]);
  });

  it("may do without a recovery, and with a store that has more than it needs", () => {
    const store = { publish: async () => {}, read: async () => [], close() {} };
    expect(resolve({ recoveryRampMs: 0, store })).toMatchObject({ recoveryRampMs: 0, store });
  });
});
