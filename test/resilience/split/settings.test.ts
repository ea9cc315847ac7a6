import { describe, expect, it } from "vitest";
import type { SplitOptions } from "../../../lib/resilience/split/options.ts";
import { split } from "../../../middleware/split.ts";

const churn = { blue: 0.9, green: 0.1 };

describe("the options of split", () => {
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
      /^split\.weights\.churn must be variants of which one has a weight above 0/,
    ],
    [{ weights: { churn: {} } }, /^split\.weights\.churn must be variants of which one/],
    [
      { weights: { churn }, maxEjectedShare: 1.1 },
      "split.maxEjectedShare must be a number from 0 to 1, got 1.1",
    ],
    [
      { weights: { churn }, share: 1 },
      /^split\.share is not an option; known here: weights, maxEjectedShare, out/,
    ],
    [{ weights: { churn }, outliers: true }, "split.outliers must be an object of options, got true"],
    [
      { weights: { churn }, outliers: { eject: 1 } },
      /^split\.outliers\.eject is not an option; known here: conse/,
    ],
    [
      { weights: { churn }, outliers: { ejectMs: 0 } },
      /^split\.outliers\.ejectMs must be a number of milliseconds/,
    ],
    [
      { weights: { churn }, outliers: { maxEjectMs: 5 } },
      /^split\.outliers\.maxEjectMs must be at least ejectMs \(30/,
    ],
    [
      { weights: { churn }, outliers: { slowStartMs: -1 } },
      /^split\.outliers\.slowStartMs must be a number of mill/,
    ],
    [
      { weights: { churn }, outliers: { consecutiveFailures: 0 } },
      /^split\.outliers\.consecutiveFailures must be/,
    ],
    [
      { weights: { churn }, outliers: { excessFailureRatio: 0 } },
      /^split\.outliers\.excessFailureRatio must be/,
    ],
    [
      { weights: { churn }, outliers: { minimumAttempts: 1.5 } },
      /^split\.outliers\.minimumAttempts must be a whole/,
    ],
    [
      { weights: { churn }, outliers: { windowMs: "1" } },
      /^split\.outliers\.windowMs must be a number of millisec/,
    ],
  ])("are refused in one sentence: %o", (options, message) => {
    expect(() => split(options as SplitOptions)).toThrow(message);
  });
});
