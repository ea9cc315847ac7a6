import { describe, expect, it } from "vitest";
import { NO_PERMIT } from "../../../lib/resilience/limiter/permit.ts";
import { settle } from "../../support/fake-clock.ts";
import { testLimiter } from "../../support/limiters.ts";

describe("a permit", () => {
  it("is had at once while there are any, and never beyond the limit", () => {
    const { limiter } = testLimiter(2);
    expect([1, 2, 3].map(() => limiter.tryAcquire(undefined))).toEqual([1, 2, NO_PERMIT]);
    expect(limiter.inFlight).toBe(2);
  });

  it("is the last one where the target has all that it can take, and no more is", () => {
    const { limiter, hold } = testLimiter(2);
    hold();
    expect(limiter.isOverloaded).toBe(false);
    hold();
    expect(limiter.isOverloaded).toBe(true);
  });

  it("goes to a waiter in the tick in which it becomes free, so that a newcomer cannot overtake", async () => {
    const { limiter, hold, wait, giveBack } = testLimiter(1);
    hold();
    const waiter = wait();
    giveBack();
    expect(limiter.tryAcquire(undefined)).toBe(NO_PERMIT);
    expect(limiter.inFlight).toBe(1);
    expect(await waiter.end).toBe(1);
  });

  it("is not needed to be waited for without a timer: an idle limiter has none", () => {
    const { clock, hold, giveBack } = testLimiter(1);
    hold();
    giveBack();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("the queue", () => {
  it("serves who came first", async () => {
    const { hold, wait, giveBack, served } = testLimiter(1);
    hold();
    for (const name of ["a", "b", "c"]) wait({ name });
    for (let i = 0; i < 3; i++) giveBack();
    await settle();
    expect(served).toEqual(["a", "b", "c"]);
  });

  it("serves the newest first once it has not been empty for a tenth of its time limit", async () => {
    const { hold, wait, giveBack, served, clock } = testLimiter(1, { queueTimeoutMs: 1_000 });
    hold();
    wait({ name: "a" });
    await clock.advance(99);
    wait({ name: "b" });
    giveBack();
    await clock.advance(1);
    wait({ name: "c" });
    wait({ name: "d" });
    for (let i = 0; i < 3; i++) giveBack();
    await settle();
    expect(served).toEqual(["a", "d", "c", "b"]);
  });

  it("serves the newest first from when a newcomer would wait for just as long", async () => {
    for (const [queueTimeoutMs, first] of [
      [3_000, "b"],
      [3_001, "a"],
    ] as const) {
      const { limiter, hold, wait, served, clock } = testLimiter(1, { queueTimeoutMs });
      hold();
      wait({ name: "a" });
      wait({ name: "b" });
      await clock.advance(500);
      // Held for the 100 ms that are taken for usual, and three of them are ahead of a newcomer's permit.
      limiter.release(1, undefined, clock.now() - 100, "answered", 1);
      await settle();
      expect(served).toEqual([first]);
    }
  });

  it("serves the oldest first however long it is in use, as long as it moves on fast: nobody starves in it", async () => {
    const { hold, wait, giveBack, served, clock } = testLimiter(2, { queueTimeoutMs: 1_000 });
    for (let caller = 0; caller < 2; caller++) hold();
    for (let caller = 0; caller < 3; caller++) wait({ name: `${caller}` });
    const waits = Array.from({ length: 300 }, (_, caller) => `${caller}`);
    for (let caller = 3; caller < 300; caller++) {
      await clock.advance(5);
      giveBack();
      wait({ name: `${caller}` });
    }
    for (let left = 0; left < 3; left++) giveBack();
    await settle();
    expect(served).toEqual(waits);
  });

  it("is in no hurry again once it has been empty", async () => {
    const { hold, wait, giveBack, served, clock } = testLimiter(1, { queueTimeoutMs: 1_000 });
    hold();
    wait({ name: "a" });
    await clock.advance(500);
    giveBack();
    wait({ name: "b" });
    wait({ name: "c" });
    giveBack();
    await settle();
    expect(served).toEqual(["a", "b"]);
  });

  it("lets a waiter go after its time limit, and not before", async () => {
    const { limiter, hold, wait, clock } = testLimiter(1, { queueTimeoutMs: 1_000 });
    hold();
    const waiter = wait();
    await clock.advance(999);
    expect(limiter.waiting).toBe(1);
    await clock.advance(1);
    expect(await waiter.end).toBe("expired");
    expect(limiter.waiting).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is left at once by a waiter that is cancelled; those behind it move up", async () => {
    const { limiter, hold, wait, giveBack, served, clock } = testLimiter(1);
    hold();
    const [, second] = ["a", "b", "c"].map((name) => wait({ name }));
    second?.cancel();
    expect(await second?.end).toBe("cancelled");
    expect(limiter.waiting).toBe(2);
    giveBack();
    giveBack();
    await settle();
    expect(served).toEqual(["a", "c"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not take a permit back from a waiter that is cancelled a moment too late", async () => {
    const { limiter, hold, wait, giveBack } = testLimiter(1);
    hold();
    const waiter = wait();
    giveBack();
    waiter.cancel();
    expect(await waiter.end).toBe(1);
    expect(limiter.inFlight).toBe(1);
  });

  it("refuses a newcomer when it is full", () => {
    const { limiter, hold, wait } = testLimiter(1, { maxQueue: 2 });
    hold();
    wait();
    wait();
    expect(limiter.enqueue("standard", undefined)).toBeUndefined();
    expect(limiter.waiting).toBe(2);
  });

  it("prefers the newcomer to the oldest when it is full and under pressure", async () => {
    const { hold, wait, clock } = testLimiter(1, { maxQueue: 2, queueTimeoutMs: 1_000 });
    hold();
    const [oldest] = [wait(), wait()];
    await clock.advance(100);
    wait();
    expect(await oldest?.end).toBe("shed");
  });

  it("has no place at all with maxQueue: 0", () => {
    const { limiter, hold, clock } = testLimiter(1, { maxQueue: 0, queueTimeoutMs: 1_000 });
    hold();
    expect(limiter.enqueue("critical", undefined)).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it("says when to come back, from how long permits are held and how many wait", async () => {
    const { limiter, hold, wait, giveBack, clock } = testLimiter(2);
    for (let i = 0; i < 200; i++) {
      hold();
      await clock.advance(10);
      giveBack();
    }
    for (let i = 0; i < 2; i++) hold();
    for (let i = 0; i < 19; i++) wait();
    expect(limiter.retryAfterMs()).toBe(101);
  });
});

describe("priorities", () => {
  it("are served from the highest to the lowest, whoever came first", async () => {
    const { hold, wait, giveBack, served } = testLimiter(1);
    hold();
    for (const priority of ["sheddable", "standard", "critical", "standard"] as const)
      wait({ name: priority, priority });
    for (let i = 0; i < 4; i++) giveBack();
    await settle();
    expect(served).toEqual(["critical", "standard", "standard", "sheddable"]);
  });

  it("decide who is sent away when the queue is full: the lowest class first", async () => {
    const { limiter, hold, wait } = testLimiter(1, { maxQueue: 2 });
    hold();
    const sheddable = wait({ priority: "sheddable" });
    const standard = wait();
    expect(limiter.enqueue("sheddable", undefined)).toBeUndefined();
    wait({ priority: "critical" });
    expect(await sheddable.end).toBe("shed");
    wait({ priority: "critical" });
    expect(await standard.end).toBe("shed");
    expect(limiter.enqueue("critical", undefined)).toBeUndefined();
    expect(limiter.waiting).toBe(2);
  });
});
