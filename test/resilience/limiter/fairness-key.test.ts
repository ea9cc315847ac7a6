import { describe, expect, it } from "vitest";
import { settle } from "../../support/fake-clock.ts";
import { testLimiter } from "../../support/limiters.ts";

describe("a fairness key", () => {
  it("gives tenants turns: the one with a thousand calls does not delay the one with a single one", async () => {
    const { hold, wait, giveBack, served } = testLimiter(1);
    hold();
    for (let i = 0; i < 1_000; i++) wait({ name: "crowd", fairnessKey: "crowd" });
    wait({ name: "single", fairnessKey: "single" });
    giveBack();
    giveBack();
    await settle();
    expect(served).toContain("single");
  });

  it("lets who holds less than its share go first: one tenant cannot keep all permits with slow calls", async () => {
    const { limiter, wait, giveBack, served } = testLimiter(4);
    for (let i = 0; i < 4; i++) limiter.tryAcquire("slow");
    for (let i = 0; i < 4; i++) wait({ name: "slow", fairnessKey: "slow" });
    for (let i = 0; i < 2; i++) wait({ name: "quick", fairnessKey: "quick" });
    giveBack("slow");
    giveBack("slow");
    await settle();
    expect(served).toEqual(["quick", "quick"]);
  });

  it("bounds what a tenant takes of the queue: a newcomer of another one gets the place of its last", async () => {
    const { limiter, hold, wait } = testLimiter(1, { maxQueue: 4 });
    hold();
    const crowd = Array.from({ length: 4 }, () => wait({ fairnessKey: "crowd" }));
    expect(limiter.enqueue("standard", "crowd")).toBeUndefined();
    wait({ fairnessKey: "single" });
    expect(await crowd[3]?.end).toBe("shed");
    wait({ fairnessKey: "single" });
    expect(await crowd[2]?.end).toBe("shed");
    expect(limiter.enqueue("standard", "single")).toBeUndefined();
  });

  it("takes the place of whoever waits for most, and only where that is more than it would have itself", async () => {
    const { limiter, hold, wait } = testLimiter(1, { maxQueue: 5 });
    hold();
    wait({ fairnessKey: "few" });
    const many = Array.from({ length: 2 }, () => wait({ fairnessKey: "many" }));
    Array.from({ length: 2 }, () => wait({ fairnessKey: "as many" }));
    wait({ fairnessKey: "new" });
    expect(await many[1]!.end).toBe("shed");
    expect(limiter.enqueue("standard", "few")).toBeUndefined();
  });

  it("does not cost more for a flood of keys: only the first 64 are looked at for the longest line", () => {
    const { limiter, hold, wait } = testLimiter(1, { maxQueue: 67 });
    hold();
    for (let tenant = 0; tenant < 64; tenant++) wait({ fairnessKey: `tenant ${tenant}` });
    for (let i = 0; i < 3; i++) wait({ fairnessKey: "many" });
    expect(limiter.enqueue("standard", "new")).toBeUndefined();
  });

  it("leaves a lone tenant all the permits", () => {
    const { limiter } = testLimiter(3);
    expect([1, 2, 3].map(() => limiter.tryAcquire("only"))).toEqual([1, 2, 3]);
  });

  it("goes before nothing of a higher class", async () => {
    const { hold, wait, giveBack, served } = testLimiter(1);
    hold();
    wait({ name: "new tenant", fairnessKey: "new", priority: "sheddable" });
    wait({ name: "standard" });
    giveBack();
    await settle();
    expect(served).toEqual(["standard"]);
  });
});
