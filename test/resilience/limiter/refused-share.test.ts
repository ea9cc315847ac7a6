import { describe, expect, it } from "vitest";
import { RULES, testLimit } from "../../support/adaptive-limits.ts";

describe.each(RULES)("the %s limit, where a share is refused", (_, rule) => {
  it("is cut by half of the share alone that is above the usual one", async () => {
    const { limit, window } = testLimit(rule());
    await window(0, 10, 100, 60);
    await window(6, 4, 100, 25);
    expect(limit.value).toBe(22);
  });

  it.each([
    ["comes back where two of five are refused whatever is in flight: that is not for load", 4, 100, 200],
    ["is cut to its floor where nine of ten are refused, for however long", 9, 4, 5],
  ])("%s", async (_, refused, least, most) => {
    const { limit, clock, feed } = testLimit(rule(), { max: 200 });
    for (let i = 0; i < 4_000; i++) {
      await clock.advance(100);
      feed(refused, "overloaded", 50, limit.value);
      feed(10 - refused, "answered", 50, limit.value);
    }
    expect(limit.value).toBeGreaterThanOrEqual(least);
    expect(limit.value).toBeLessThanOrEqual(most);
  });

  it("is not cut by quick refusals whose answered fellows are still in flight", async () => {
    const { limit, clock } = testLimit(rule());
    await clock.advance(1_000);
    for (let held = 10; held <= 100; held += 10)
      limit.sample("overloaded", clock.now() - 2, 2, held, clock.now(), held - 1);
    expect(limit.value).toBeGreaterThanOrEqual(100);
  });

  it("counts the answers to what started before a cut: a target that gives them is not refusing all", async () => {
    const { limit, clock, feed, window } = testLimit(rule());
    await window(0, 10, 2, 60);
    await clock.advance(1_000);
    feed(90, "answered", 1_500, 30);
    feed(10, "overloaded", 2, 30);
    expect(limit.value).toBeGreaterThanOrEqual(30);
  });
});
