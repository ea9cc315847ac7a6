import { bulkhead } from "cockatiel";
import { describe, expect, it } from "vitest";
import { NO_PERMIT } from "../../../lib/resilience/limiter/permit.ts";
import { deferred } from "../../support/deferred.ts";
import { settle } from "../../support/fake-clock.ts";
import { testLimiter } from "../../support/limiters.ts";

describe("what cockatiel's bulkhead gets wrong", () => {
  it("CK5: a call that comes in the microtask of a freed slot overtakes the queue", async () => {
    const order: string[] = [];
    const theirs = bulkhead(1, 10);
    const held = deferred();
    const first = theirs.execute(() => held.promise);
    const late = held.promise.then(() => theirs.execute(() => order.push("late")));
    const queued = theirs.execute(() => order.push("queued"));
    held.resolve();
    await Promise.all([first, queued, late]);
    expect(order).toEqual(["late", "queued"]);

    const { limiter, hold, wait, giveBack, served } = testLimiter(1);
    hold();
    wait({ name: "queued" });
    giveBack();
    expect(limiter.tryAcquire(undefined)).toBe(NO_PERMIT);
    wait({ name: "late" });
    await settle();
    giveBack();
    await settle();
    expect(served).toEqual(["queued", "late"]);
  });

  it("CK5: a call that was accepted into the queue is rejected after all", async () => {
    const theirs = bulkhead(1, 1);
    const held = deferred();
    const first = theirs.execute(() => held.promise);
    const accepted = theirs.execute(() => "ran").catch((error: Error) => error.constructor.name);
    const stays = deferred();
    // Two late calls: one takes the slot, the other the place in the queue, before the accepted one gets there.
    const late = held.promise.then(() =>
      Promise.all([theirs.execute(() => stays.promise), theirs.execute(() => stays.promise)]),
    );
    held.resolve();
    expect(await accepted).toBe("BulkheadRejectedError");
    stays.resolve();
    await Promise.all([first, late]);

    const { limiter, hold, wait, giveBack } = testLimiter(1, { maxQueue: 1 });
    hold();
    const ours = wait();
    giveBack();
    expect(limiter.tryAcquire(undefined)).toBe(NO_PERMIT);
    wait();
    expect(limiter.enqueue("standard", undefined)).toBeUndefined();
    expect(await ours.end).toBe(1);
  });

  it("CK6: a call that was aborted in the queue keeps its place and settles only when it is its turn", async () => {
    const theirs = bulkhead(1, 1);
    const held = deferred();
    const first = theirs.execute(() => held.promise);
    const controller = new AbortController();
    let isSettled = false;
    const aborted = theirs
      .execute(() => {}, controller.signal)
      .catch(() => {})
      .then(() => {
        isSettled = true;
      });
    controller.abort();
    await settle();
    expect([isSettled, theirs.queueSlots]).toEqual([false, 0]);
    held.resolve();
    await Promise.all([first, aborted]);

    const { limiter, hold, wait } = testLimiter(1, { maxQueue: 1 });
    hold();
    const ours = wait();
    ours.cancel();
    expect(limiter.waiting).toBe(0);
    expect(await ours.end).toBe("cancelled");
    wait();
  });
});
