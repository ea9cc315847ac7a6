import { describe, expect, it } from "vitest";
import { resolveLimiter } from "../../../lib/resilience/limiter/limiter-settings.ts";
import type { ConcurrencyLimitOptions } from "../../../lib/resilience/limiter/options.ts";
import { type Target, targetOf } from "../../../lib/target.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const resolve = (options: unknown) =>
  resolveLimiter(options as ConcurrencyLimitOptions | number, new FakeClock());

describe("the options of the concurrency limit", () => {
  it.each([
    [0, "concurrencyLimit must be a whole number of at least 1, got 0"],
    [1.5, "concurrencyLimit must be a whole number of at least 1, got 1.5"],
    [Number.NaN, "concurrencyLimit must be a whole number of at least 1, got NaN"],
    [null, "concurrencyLimit must be an object of options, got null"],
    [{ algorithm: "tcp" }, 'concurrencyLimit.algorithm must be one of "gradient", "aimd", "vegas", "fixed"'],
    [{ min: 3 }, "concurrencyLimit.min must be a whole number of at least 4, got 3"],
    [{ initial: 3 }, "concurrencyLimit.initial must be a whole number of at least 4, got 3"],
    [{ initial: "9" }, 'concurrencyLimit.initial must be a whole number of at least 4, got "9"'],
    [{ max: 9n }, "concurrencyLimit.max must be a whole number of at least 4, got 9n"],
    [{ max: 2 }, "concurrencyLimit.max must be a whole number of at least 4, got 2"],
    [{ min: 50, max: 20 }, "concurrencyLimit.max must be at least min (50), got 20"],
    [{ initial: 50, max: 20 }, "concurrencyLimit.initial must be at most max (20), got 50"],
    [{ maxQueue: -1 }, "concurrencyLimit.maxQueue must be a whole number of at least 0, got -1"],
    [{ queueTimeoutMs: 0 }, "concurrencyLimit.queueTimeoutMs must be a number of milliseconds above 0"],
    [{ maxTargets: 0 }, "concurrencyLimit.maxTargets must be a whole number of at least 1, got 0"],
    [{ key: "endpoint" }, 'concurrencyLimit.key must be a function, got "endpoint"'],
    [{ limit: 5 }, "concurrencyLimit.limit is not an option; known here: algorithm, initial, min, max"],
    [{ algorithm: "fixed", min: 4 }, "concurrencyLimit.min and .max cannot be combined with algorithm"],
    [{ algorithm: "fixed", max: 4 }, "concurrencyLimit.min and .max cannot be combined with algorithm"],
    [
      { algorithm: "fixed", initial: 0 },
      "concurrencyLimit.initial must be a whole number of at least 1, got 0",
    ],
  ])("refuse %o in one sentence", (options, message) => {
    expect(() => resolve(options)).toThrow(message);
  });

  it.each([
    [5, 5],
    [{}, 256],
    [{ max: 40 }, 40],
    [{ min: 300 }, 300],
    [{ min: 40, max: 40 }, 40],
    [{ initial: 2_000 }, 2_000],
    [{ algorithm: "fixed", initial: 1 }, 1],
  ])("%o begin at %i", (options, initial) => {
    expect(resolve(options).createLimit().value).toBe(initial);
  });

  it("have each target go by itself, unless key says what goes together", () => {
    const target = targetOf({ EndpointName: "churn", TargetModel: "a.tar.gz" });
    expect(resolve({}).key(target)).toBe(target.key);
    expect(resolve({ key: ({ endpoint }: Target) => endpoint }).key(target)).toBe("churn");
  });

  it("let a limit of the same kind go on within the new bounds, and one of another kind begin where it was", () => {
    const learnt = resolve({ initial: 100 }).createLimit();
    expect(resolve({ max: 40 }).createLimit(learnt)).toBe(learnt);
    expect(learnt.value).toBe(40);
    const other = resolve({ algorithm: "vegas" }).createLimit(learnt);
    expect(other).not.toBe(learnt);
    expect(other.value).toBe(40);
    expect(resolve({ algorithm: "vegas", min: 50 }).createLimit(learnt).value).toBe(50);
    expect(resolve({ algorithm: "fixed", initial: 7 }).createLimit(learnt).value).toBe(7);
  });

  it("let a limit that follows a fixed one begin as a new one does: nothing was learnt by that", () => {
    const fixed = resolve(8).createLimit();
    expect(resolve({}).createLimit(fixed).value).toBe(256);
    expect(resolve({ algorithm: "aimd", initial: 60 }).createLimit(fixed).value).toBe(60);
  });
});
