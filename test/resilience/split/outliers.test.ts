import { describe, expect, it } from "vitest";
import { Attempt } from "../../../lib/attempt.ts";
import { targetOf } from "../../../lib/target.ts";
import { SplitHarness } from "../../support/splits.ts";

const HALVES = { blue: 1, green: 1 };
const CANARY = { blue: 0.9, green: 0.1 };

describe("a variant that fails", () => {
  it("is taken out after five failures in a row, and gets nothing", () => {
    const harness = new SplitHarness(HALVES);
    harness.run("green", "failed", 4);
    expect(harness.share("green")).toBe(0.5);
    harness.run("green", "failed");
    expect(harness.share("green")).toBe(0);
    expect(harness.choices(100)).toEqual({ blue: 100, green: 0 });
  });

  it("is taken out for a share of failures that is larger than the others'", () => {
    const harness = new SplitHarness(HALVES);
    for (let i = 0; i < 13; i++) {
      harness.run("blue", "answered");
      harness.run("green", i % 2 === 0 ? "failed" : "answered");
    }
    expect(harness.share("green")).toBe(0.5);
    for (let i = 0; i < 10; i++) harness.run("green", i % 2 === 0 ? "failed" : "answered");
    expect(harness.share("green")).toBe(0);
  });

  it("is left in where the others fail as well", () => {
    const harness = new SplitHarness(HALVES);
    for (let i = 0; i < 40; i++) {
      harness.run("blue", "failed");
      harness.run("green", "failed");
    }
    expect(harness.share("green") + harness.share("blue")).toBe(1);
    expect(harness.share("green")).toBeGreaterThan(0);
  });

  it("is judged by what is the target's fault alone", () => {
    const harness = new SplitHarness(HALVES);
    harness.run("green", "refused input", 50);
    expect(harness.share("green")).toBe(0.5);
  });

  it("is not judged by failures that are long ago", async () => {
    const harness = new SplitHarness(HALVES);
    for (let i = 0; i < 12; i++) {
      harness.run("green", "failed");
      harness.run("green", "answered");
      await harness.clock.advance(2_000);
    }
    expect(harness.share("green")).toBe(0.5);
  });

  it("is taken out for its share of failures as soon as there are enough attempts, and no sooner", () => {
    const outliers = { minimumAttempts: 4, excessFailureRatio: 0.5, consecutiveFailures: 50 };
    const harness = new SplitHarness(HALVES, { outliers });
    for (const end of ["failed", "answered", "failed"] as const) harness.run("green", end);
    expect(harness.share("green")).toBe(0.5);
    harness.run("green", "answered");
    expect(harness.share("green")).toBe(0.5);
    harness.run("green", "failed");
    expect(harness.share("green")).toBe(0);
  });

  it("is taken out where its share is larger by just so much, and left in where it is by less", () => {
    const shareAfter = (failuresOfBlue: number) => {
      const outliers = { minimumAttempts: 8, excessFailureRatio: 0.5, consecutiveFailures: 50 };
      const harness = new SplitHarness(HALVES, { outliers });
      for (let i = 0; i < 8; i++) harness.run("blue", i < failuresOfBlue ? "failed" : "answered");
      for (let i = 0; i < 8; i++) harness.run("green", i < 2 ? "answered" : "failed");
      return harness.share("green");
    };
    expect([2, 3].map(shareAfter)).toEqual([0, 0.5]);
  });

  it("is taken out for failures in a row where that is more by just so much, and left in where it is by less", () => {
    const shareAfter = (failuresOfBlue: number) => {
      const harness = new SplitHarness(HALVES, { outliers: { excessFailureRatio: 0.5 } });
      harness.run("blue", "failed", 4);
      harness.run("blue", "answered", 8 - failuresOfBlue);
      harness.run("blue", "failed", failuresOfBlue - 4);
      harness.run("green", "failed", 5);
      return harness.share("green");
    };
    expect([4, 5].map(shareAfter)).toEqual([0, 0.5]);
  });

  it("is judged beside the others together, by what they all did", () => {
    const outliers = { minimumAttempts: 4, excessFailureRatio: 0.5, consecutiveFailures: 50 };
    const harness = new SplitHarness({ a: 1, b: 1, c: 1 }, { outliers, maxEjectedShare: 0.4 });
    harness.run("a", "failed", 3);
    harness.run("a", "answered", 3);
    harness.run("b", "answered", 2);
    for (const end of ["answered", "failed", "failed", "failed"] as const) harness.run("c", end);
    expect(harness.share("c")).toBeCloseTo(1 / 3);
    harness.run("c", "failed", 4);
    expect(harness.share("c")).toBe(0);
  });

  it("is told by what happened to attempts at it alone", () => {
    const harness = new SplitHarness(HALVES);
    const elsewhere = [{ EndpointName: "churn" }, { EndpointName: "churn", TargetVariant: "grey" }];
    for (const input of elsewhere) {
      for (let i = 0; i < 30; i++)
        harness.end(new Attempt(harness.call, 1, "first", targetOf(input)), "failed");
    }
    expect([harness.share("blue"), harness.share("green"), harness.share("grey")]).toEqual([0.5, 0.5, 0]);
  });

  it("keeps its calls where too much of the weight would be out", () => {
    const harness = new SplitHarness(CANARY);
    harness.run("blue", "failed", 50);
    expect(harness.share("blue")).toBeCloseTo(0.9);
    const generous = new SplitHarness(CANARY, { maxEjectedShare: 0.95 });
    generous.run("blue", "failed", 5);
    expect(generous.share("blue")).toBe(0);
  });

  it("keeps its calls where it is the last, however much may be out", () => {
    const harness = new SplitHarness(HALVES, { maxEjectedShare: 1 });
    harness.run("green", "failed", 5);
    harness.run("blue", "failed", 50);
    expect(harness.share("blue")).toBe(1);
  });

  it("keeps its calls without outlier detection", () => {
    const harness = new SplitHarness(HALVES, { outliers: false });
    harness.run("green", "failed", 50);
    expect(harness.share("green")).toBe(0.5);
  });
});
