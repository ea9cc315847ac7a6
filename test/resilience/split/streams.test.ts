import { describe, expect, it } from "vitest";
import { SplitHarness } from "../../support/splits.ts";

const HALVES = { blue: 1, green: 1 };

describe("a variant whose streams go on for long", () => {
  it("is left in for failures between which streams begin", () => {
    const harness = new SplitHarness(HALVES);
    for (let i = 0; i < 10; i++) {
      for (let stream = 0; stream < 4; stream++) harness.stream("green");
      harness.run("green", "failed");
    }
    expect(harness.share("green")).toBe(0.5);
  });

  it("is left in for a share of failures that is small beside the streams that have begun", () => {
    const outliers = { consecutiveFailures: 50 };
    const harness = new SplitHarness(HALVES, { outliers });
    for (let i = 0; i < 60; i++) harness.stream("green");
    harness.run("green", "failed", 20);
    expect(harness.share("green")).toBe(0.5);
    const without = new SplitHarness(HALVES, { outliers });
    without.run("green", "failed", 20);
    expect(without.share("green")).toBe(0);
  });

  it("is taken out as soon as any other once no stream begins any more", () => {
    const harness = new SplitHarness(HALVES);
    for (let i = 0; i < 100; i++) harness.stream("green");
    harness.run("green", "failed", 4);
    expect(harness.share("green")).toBe(0.5);
    harness.run("green", "failed");
    expect(harness.share("green")).toBe(0);
  });

  it("is taken out where its streams begin and then break", () => {
    const harness = new SplitHarness(HALVES);
    for (let i = 0; i < 4; i++) harness.end(harness.stream("green"), "failed");
    expect(harness.share("green")).toBe(0.5);
    harness.end(harness.stream("green"), "failed");
    expect(harness.share("green")).toBe(0);
  });

  it("counts each of them once, as what it ended in", () => {
    const harness = new SplitHarness(HALVES);
    for (let i = 0; i < 8; i++) harness.end(harness.stream("green"), i < 3 ? "failed" : "answered");
    const green = harness.variant("green");
    const now = harness.clock.now();
    expect([green.attemptsAt(now), green.failuresAt(now), green.failuresInARow]).toEqual([8, 3, 0]);
  });

  it("is judged anew when it comes back: streams of before it was out say nothing", async () => {
    const harness = new SplitHarness(HALVES, { outliers: { ejectMs: 1_000, slowStartMs: 0 } });
    const before = Array.from({ length: 10 }, () => harness.stream("green"));
    const unanswered = harness.start("green");
    harness.run("green", "failed", 5);
    expect(harness.share("green")).toBe(0);
    await harness.clock.advance(1_100);
    harness.split.streamBegan(unanswered);
    for (const attempt of [...before, unanswered]) harness.end(attempt, "failed");
    expect([harness.share("green"), harness.variant("green").attemptsAt(harness.clock.now())]).toEqual([
      0.5, 0,
    ]);
  });
});
