import { describe, expect, it } from "vitest";
import { FixedLimit } from "../../../lib/resilience/limiter/fixed-limit.ts";
import { GradientRule } from "../../../lib/resilience/limiter/gradient-rule.ts";
import { RULES, testLimit } from "../../support/adaptive-limits.ts";

describe.each(RULES)("the %s limit", (_, rule) => {
  it("begins at its initial value", () => {
    expect(testLimit(rule(), { initial: 37 }).limit.value).toBe(37);
  });

  it("does not move for one overloaded attempt, nor for two, however long the window", async () => {
    const { limit, clock, feed } = testLimit(rule());
    await clock.advance(10_000);
    feed(2, "overloaded", 100, 90);
    feed(8, "answered", 100, 90);
    expect(limit.value).toBeGreaterThanOrEqual(100);
  });

  it("decides on nothing before it has ten samples", async () => {
    const { limit, clock, feed } = testLimit(rule());
    await clock.advance(10_000);
    feed(9, "overloaded", 100, 90);
    expect(limit.value).toBe(100);
    feed(1, "overloaded", 100, 90);
    expect(limit.value).toBeLessThan(100);
  });

  it("is cut by half of the overloaded share, from what was in flight", async () => {
    const { limit, window } = testLimit(rule());
    await window(0, 10, 100, 60);
    expect(limit.value).toBe(30);
  });

  it("ignores what started before a cut: its late victims do not cut again", async () => {
    const { limit, clock, feed, window } = testLimit(rule());
    await window(0, 10, 100, 60);
    const cutAt = clock.now();
    await clock.advance(5_000);
    for (let i = 0; i < 50; i++) limit.sample("overloaded", cutAt - 1, 5_001, 60, clock.now());
    expect(limit.value).toBe(30);
    feed(10, "overloaded", 100, 30);
    expect(limit.value).toBe(18);
  });

  it("takes what started in the moment of a cut for news of after it", async () => {
    const { limit, clock, window } = testLimit(rule());
    await window(0, 10, 100, 60);
    const cutAt = clock.now();
    await clock.advance(5_000);
    for (let i = 0; i < 10; i++) limit.sample("overloaded", cutAt, 5_000, 30, clock.now());
    expect(limit.value).toBe(18);
  });

  it.each([
    ["three of thirty", 27, 57],
    ["three of ten", 7, 51],
  ])("is cut where %s are overloaded, as soon as half a second is over", async (_, answered, value) => {
    const { limit, clock, feed } = testLimit(rule());
    feed(3, "overloaded", 100, 60);
    feed(answered - 1, "answered", 100, 60);
    await clock.advance(500);
    expect(limit.value).toBe(100);
    feed(1, "answered", 100, 60);
    expect(limit.value).toBe(value);
  });

  it("is not cut where less than a tenth are overloaded", async () => {
    const { limit, clock, feed } = testLimit(rule());
    feed(3, "overloaded", 100, 60);
    feed(27, "answered", 100, 60);
    await clock.advance(500);
    feed(1, "answered", 100, 60);
    expect(limit.value).toBeGreaterThanOrEqual(100);
  });

  it("hears what started before it grew, or before it stayed: only a cut makes that old news", async () => {
    const { limit, window } = testLimit(rule(), { max: 110 });
    for (let i = 0; i < 20; i++) await window(10, 0, 3_000, 100);
    expect(limit.value).toBe(110);
    await window(0, 10, 3_000, 60);
    expect(limit.value).toBe(30);
  });

  it("never goes below its floor, whatever happens", async () => {
    const { limit, window } = testLimit(rule(), { min: 7 });
    for (let i = 0; i < 30; i++) await window(0, 20, 5_000, limit.value);
    expect(limit.value).toBe(7);
  });

  it("never goes above its maximum", async () => {
    const { limit, window } = testLimit(rule(), { max: 120 });
    for (let i = 0; i < 50; i++) await window(200, 0, 100, limit.value);
    expect(limit.value).toBe(120);
  });

  it("grows again from its floor once the target answers", async () => {
    const { limit, window } = testLimit(rule(), { initial: 4 });
    for (let i = 0; i < 20; i++) await window(100, 0, 100, limit.value);
    expect(limit.value).toBeGreaterThan(20);
  });

  it("does not grow while less than half of it is used", async () => {
    const { limit, window } = testLimit(rule());
    for (let i = 0; i < 50; i++) await window(200, 0, 100, 49);
    expect(limit.value).toBe(100);
    await window(10, 0, 100, 50);
    expect(limit.value).toBeGreaterThan(100);
  });

  it("looks at what was in flight at the start of attempts, not at what is left when they end", async () => {
    const { limit, clock } = testLimit(rule(), { initial: 10 });
    for (let round = 0; round < 20; round++) {
      await clock.advance(1_000);
      // A batch that fills the limit and ends in the same instant: permits 1 to n, all given back.
      const full = limit.value;
      for (let permit = 1; permit <= full; permit++)
        limit.sample("answered", clock.now() - 50, 50, permit, clock.now());
    }
    expect(limit.value).toBeGreaterThan(20);
  });

  it("forgets samples of before a pause", async () => {
    const { limit, clock, feed } = testLimit(rule());
    feed(9, "overloaded", 100, 10);
    await clock.advance(3_600_000);
    feed(1, "answered", 100, 1);
    expect(limit.value).toBe(100);
  });

  it("moves to within other bounds at once, and from there on with what it has learnt", async () => {
    const { limit, window } = testLimit(rule(), { initial: 100 });
    limit.retune({ initial: 4, min: 4, max: 40 });
    expect(limit.value).toBe(40);
    limit.retune({ initial: 4, min: 60, max: 1_000 });
    expect(limit.value).toBe(60);
    await window(0, 10, 100, 60);
    expect(limit.value).toBe(60);
    await window(200, 0, 100, 60);
    expect(limit.value).toBeGreaterThan(60);
  });

  it("is not moved by steps of the wall clock", async () => {
    const { limit, clock, window } = testLimit(rule());
    clock.stepEpoch(-3_600_000);
    await window(0, 10, 100, 60);
    clock.stepEpoch(7_200_000);
    expect(limit.value).toBe(30);
  });

  it("is a whole number at any time", async () => {
    const { limit, window } = testLimit(rule(), { initial: 5 });
    for (let i = 0; i < 40; i++) {
      await window(30, i % 7 === 0 ? 11 : 0, 100 + 13 * (i % 5), limit.value);
      expect(Number.isInteger(limit.value)).toBe(true);
    }
  });
});

describe("the gradient", () => {
  it("takes less as latency rises above twice the usual", async () => {
    const { limit, window } = testLimit(new GradientRule());
    for (let i = 0; i < 5; i++) await window(10, 0, 100, 40);
    await window(10, 0, 190, 100);
    const before = limit.value;
    expect(before).toBeGreaterThanOrEqual(100);
    await window(10, 0, 400, 100);
    // A good half of the 100 that were in flight, and a quarter of them as room to grow.
    expect(limit.value).toBe(75);
  });

  it("stops at 8 where nothing but latency speaks against it", async () => {
    const { limit, window } = testLimit(new GradientRule(), { initial: 12 });
    for (let i = 0; i < 5; i++) await window(10, 0, 100, 5);
    for (let i = 0; i < 3; i++) await window(10, 0, 900, limit.value);
    expect(limit.value).toBe(8);
  });

  it("leaves a client alone that has less than 8 in flight: it is not the reason", async () => {
    const { limit, window } = testLimit(new GradientRule());
    for (let i = 0; i < 5; i++) await window(10, 0, 100, 3);
    for (let i = 0; i < 5; i++) await window(10, 0, 900, 7);
    expect(limit.value).toBe(100);
  });
});

describe("a fixed limit", () => {
  it("stays, whatever happens", () => {
    const limit = new FixedLimit(3);
    limit.sample();
    expect(limit.value).toBe(3);
  });
});
