import { describe, expect, it } from "vitest";
import { resolveHedge } from "../../lib/resilience/hedge-settings.ts";

const resolve = (options: object) => resolveHedge(options, { random: Math.random });

describe("the options of hedging", () => {
  it("hedge the slowest, and as many as leaves a tenth of what may be added for bursts", () => {
    expect(resolve({}).maxExtraLoad).toBe(0.08);
    expect(resolve({}).quantile).toBeCloseTo(1 - 0.072, 12);
    expect(resolve({ maxExtraLoad: 0.25 }).quantile).toBe(0.775);
    expect(resolve({ maxExtraLoad: 0.25, quantile: 0.99 }).quantile).toBe(0.99);
  });

  it("may be left out", () => {
    expect(resolve({})).toMatchObject({
      minDelayMs: 10,
      minimumSamples: 30,
      windowMs: 60_000,
      maxTargets: 1_024,
    });
    expect([...resolve({}).variants]).toEqual([]);
  });

  it("may be as much as half of the load, and half of the attempts", () => {
    expect(resolve({ maxExtraLoad: 0.5, quantile: 0.5 })).toMatchObject({ maxExtraLoad: 0.5, quantile: 0.5 });
  });

  it("are copied: what the caller changes afterwards changes nothing", () => {
    const names = ["blue"];
    const { variants } = resolve({ variants: { churn: names } });
    names.push("green");
    expect(variants.get("churn")).toEqual(["blue"]);
  });

  it.each([
    [{ maxExtraLoad: 0 }, "hedge.maxExtraLoad must be a number above 0 and up to 0.5, got 0"],
    [{ maxExtraLoad: 0.6 }, "hedge.maxExtraLoad must be a number above 0 and up to 0.5, got 0.6"],
    [{ quantile: 1 }, "hedge.quantile must be a number from 0.5 to below 1, got 1"],
    [{ maxExtraLoad: "0.1" }, 'hedge.maxExtraLoad must be a number above 0 and up to 0.5, got "0.1"'],
    [{ quantile: "0.9" }, 'hedge.quantile must be a number from 0.5 to below 1, got "0.9"'],
    [{ quantile: 0.49 }, "hedge.quantile must be a number from 0.5 to below 1, got 0.49"],
    [{ quantile: 95 }, "hedge.quantile must be a number from 0.5 to below 1, got 95"],
    [{ minDelayMs: 0 }, "hedge.minDelayMs must be a number of milliseconds above 0"],
    [{ minimumSamples: 0.5 }, "hedge.minimumSamples must be a whole number of at least 1, got 0.5"],
    [{ windowMs: -1 }, "hedge.windowMs must be a number of milliseconds above 0"],
    [{ maxTargets: 0 }, "hedge.maxTargets must be a whole number of at least 1, got 0"],
    [{ variants: ["blue"] }, "hedge.variants must be an object of options, got an array of 1"],
    [{ variants: { churn: "blue" } }, "hedge.variants.churn must be an array of the names of production"],
    [{ variants: { churn: [] } }, "hedge.variants.churn must be an array of the names of production"],
    [{ variants: { churn: ["a", "b c"] } }, "hedge.variants.churn[1] must be 1 to 63 letters, digits and"],
    [{ delayMs: 5 }, "hedge.delayMs is not an option; known here: maxExtraLoad, quantile, minDelayMs"],
  ])("refuse %o by name", (options, message) => {
    expect(() => resolve(options)).toThrow(message);
  });
});
