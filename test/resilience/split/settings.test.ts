import { describe, expect, it } from "vitest";
import type { SplitOptions } from "../../../lib/resilience/split/options.ts";
import { resolveSplit } from "../../../lib/resilience/split/settings.ts";
import { defaultSeams } from "../../../lib/seams.ts";
import { split } from "../../../middleware/split.ts";

const churn = { blue: 0.9, green: 0.1 };

const OUTLIERS = {
  consecutiveFailures: 5,
  excessFailureRatio: 0.3,
  minimumAttempts: 20,
  windowMs: 10_000,
  ejectMs: 30_000,
  maxEjectMs: 300_000,
  slowStartMs: 30_000,
};

const resolve = (options: SplitOptions) => resolveSplit(options, defaultSeams);

describe("the options of split", () => {
  it("have these defaults", () => {
    expect(resolve({ weights: { churn } })).toEqual({
      ...defaultSeams,
      weights: new Map([["churn", new Map(Object.entries(churn))]]),
      maxEjectedShare: 0.5,
      outliers: OUTLIERS,
    });
    expect(resolve({ weights: { churn }, outliers: {} }).outliers).toEqual(OUTLIERS);
  });

  it("are what is given", () => {
    const outliers = {
      consecutiveFailures: 1,
      excessFailureRatio: 1,
      minimumAttempts: 1,
      windowMs: 2,
      ejectMs: 7,
      maxEjectMs: 7,
      slowStartMs: 0,
    };
    const weights = { churn: { blue: 0, green: 5 }, fraud: { a: 1 } };
    const resolved = resolve({ weights, maxEjectedShare: 0, outliers });
    expect(resolved).toMatchObject({ maxEjectedShare: 0, outliers });
    expect([...resolved.weights.keys()]).toEqual(["churn", "fraud"]);
    expect([...resolved.weights.get("churn")!]).toEqual(Object.entries(weights.churn));
  });

  it("may leave outliers in", () => {
    expect(resolve({ weights: { churn }, outliers: false }).outliers).toBeUndefined();
  });

  it.each<[unknown, string | RegExp]>([
    [{}, "split.weights must be an object of options, got undefined"],
    [{ weights: { churn: 5 } }, "split.weights.churn must be an object of options, got 5"],
    [{ weights: { "a b": churn } }, /^split\.weights: each endpoint must be 1 to 63 letters/],
    [
      { weights: { churn: { "not a name": 1 } } },
      /^split\.weights\.churn: each variant must be 1 to 63 letters/,
    ],
    [{ weights: { churn: { blue: -1 } } }, "split.weights.churn.blue must be a weight of at least 0, got -1"],
    [
      { weights: { churn: { blue: "1" } } },
      'split.weights.churn.blue must be a weight of at least 0, got "1"',
    ],
    [{ weights: { churn: { blue: Number.NaN } } }, /^split\.weights\.churn\.blue must be a weight/],
    [
      { weights: { churn: { blue: 0 } } },
      "split.weights.churn must be variants of which one has a weight above 0, got an object (Object)",
    ],
    [
      { weights: { churn }, outliers: { maxEjectMs: 0 } },
      "split.outliers.maxEjectMs must be a number of milliseconds above 0",
    ],
    [{ weights: { churn: {} } }, /^split\.weights\.churn must be variants of which one/],
    [
      { weights: { churn }, maxEjectedShare: 1.1 },
      "split.maxEjectedShare must be a number from 0 to 1, got 1.1",
    ],
    [
      { weights: { churn }, share: 1 },
      "split.share is not an option; known here: weights, maxEjectedShare, outliers",
    ],
    [{ weights: { churn }, outliers: true }, "split.outliers must be an object of options, got true"],
    [
      { weights: { churn }, outliers: { eject: 1 } },
      "split.outliers.eject is not an option; known here: consecutiveFailures, excessFailureRatio, minimumAttempts, " +
        "windowMs, ejectMs, maxEjectMs, slowStartMs",
    ],
    [
      { weights: { churn }, outliers: { ejectMs: 0 } },
      "split.outliers.ejectMs must be a number of milliseconds above 0",
    ],
    [
      { weights: { churn }, outliers: { maxEjectMs: 5 } },
      "split.outliers.maxEjectMs must be at least ejectMs (30000), got 5",
    ],
    [
      { weights: { churn }, outliers: { slowStartMs: -1 } },
      "split.outliers.slowStartMs must be a number of milliseconds above 0",
    ],
    [
      { weights: { churn }, outliers: { consecutiveFailures: 0 } },
      "split.outliers.consecutiveFailures must be a whole number of at least 1, got 0",
    ],
    [
      { weights: { churn }, outliers: { excessFailureRatio: 0 } },
      "split.outliers.excessFailureRatio must be a number above 0 and up to 1, got 0",
    ],
    [
      { weights: { churn }, outliers: { minimumAttempts: 1.5 } },
      "split.outliers.minimumAttempts must be a whole number of at least 1, got 1.5",
    ],
    [
      { weights: { churn }, outliers: { windowMs: "1" } },
      "split.outliers.windowMs must be a number of milliseconds above 0",
    ],
  ])("are refused in one sentence: %o", (options, message) => {
    expect(() => split(options as SplitOptions)).toThrow(message);
  });
});
