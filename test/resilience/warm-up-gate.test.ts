import { describe, expect, it } from "vitest";
import type { CancelScope } from "../../lib/cancellation.ts";
import type { Timer } from "../../lib/clock.ts";
import { WarmUpGate } from "../../lib/resilience/warm-up-gate.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

/** Node cuts delays to whole milliseconds, and a timer may fire up to one early. */
class EarlyClock extends FakeClock {
  override setTimeout<T>(callback: (arg: T) => void, delayMs: number, arg: T): Timer {
    return super.setTimeout(callback, Math.floor(delayMs) - 0.9, arg);
  }
}

function waiters(gate: WarmUpGate, count: number, maxWaitMs = Number.POSITIVE_INFINITY) {
  const released: number[] = [];
  const scopes: CancelScope[] = [];
  for (let i = 0; i < count; i++) {
    const scope: CancelScope = { running: undefined, cancelled: undefined };
    scopes.push(scope);
    void gate.wait(scope, maxWaitMs, 0).then(() => released.push(i));
  }
  return { released, scopes };
}

describe("the warm-up gate", () => {
  it("lets one waiter out to ask when the time has come", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(1_000);
    const { released } = waiters(gate, 3);
    await clock.advance(1_000);
    expect(released).toEqual([]);
    await clock.advance(1);
    expect(released).toEqual([0]);
  });

  /** Calls with so many milliseconds left wait at a gate; the ones that are let out, in turn. */
  async function askers(leftMs: readonly number[], maxWaitMs = 60_000): Promise<number[]> {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(0);
    const released: number[] = [];
    for (const ms of leftMs) {
      const call = { running: undefined, cancelled: undefined, deadlineAt: clock.now() + ms };
      void gate.wait(call, maxWaitMs, 0).then(() => released.push(ms));
    }
    await clock.advance(2_500);
    return released;
  }

  it.each([
    ["nobody who is about to give up", [10, 60_000, 300], [60_000]],
    [
      "the oldest of those who have at least half of the longest time",
      [4_000, 7_000, 12_000],
      [7_000, 12_000, 4_000],
    ],
    ["the oldest first where all have much time", [50_000, 60_000, 55_000], [50_000, 60_000, 55_000]],
  ])("lets out to ask %s", async (_, leftMs, order) => {
    expect(await askers(leftMs)).toEqual(order);
  });

  it("takes for their time what the wait may last, where that is less", async () => {
    expect(await askers([90_000, 4_000, 300_000], 5_000)).toEqual([90_000, 4_000, 300_000]);
  });

  it("lets out a shared call by the time of whoever has come to share it", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(1_000);
    const released: string[] = [];
    const shared = { running: undefined, cancelled: undefined, deadlineAt: clock.now() + 1_100 };
    const alone = { running: undefined, cancelled: undefined, deadlineAt: clock.now() + 10_000 };
    void gate.wait(shared, 60_000, 0).then(() => released.push("shared"));
    void gate.wait(alone, 60_000, 0).then(() => released.push("alone"));
    shared.deadlineAt = clock.now() + 20_000;
    await clock.advance(1_001);
    expect(released).toEqual(["shared"]);
  });

  it("lets the next waiter out when the first did not get as far as asking", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(500);
    const { released } = waiters(gate, 3);
    await clock.advance(1_502);
    expect(released).toEqual([0, 1]);
  });

  it("has no timer while nobody waits", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(500);
    expect(clock.pendingTimers).toBe(0);
    const { scopes } = waiters(gate, 1);
    expect(clock.pendingTimers).toBe(1);
    scopes[0]?.running?.cancel("abort");
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });

  it("releases a thousand waiters in growing batches when the model is ready", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(1_000);
    const { released } = waiters(gate, 1_000);
    gate.openFor("ready");
    await settle();
    const counts = [released.length];
    while (gate.waiting > 0) {
      await clock.advance(50);
      counts.push(released.length);
    }
    expect(counts).toEqual([8, 24, 56, 120, 248, 504, 1_000]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("releases everybody at once when the target fails for another reason", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(1_000);
    const { released } = waiters(gate, 100);
    gate.openFor("failure");
    await settle();
    expect(released.length).toBe(100);
    expect(clock.pendingTimers).toBe(0);
  });

  it("lets a cancelled waiter go within a tick, and the next one in line asks", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(1_000);
    const { released, scopes } = waiters(gate, 2);
    scopes[0]?.running?.cancel("abort");
    await settle();
    expect(released).toEqual([0]);
    await clock.advance(1_001);
    expect(released).toEqual([0, 1]);
  });

  it("lets a waiter go when it has waited long enough", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(10_000);
    const { released } = waiters(gate, 1, 200);
    await clock.advance(200);
    expect(released).toEqual([0]);
    expect(gate.waiting).toBe(0);
  });

  it("does not wait in a scope that is cancelled already", async () => {
    const gate = new WarmUpGate(new FakeClock());
    await gate.wait({ running: undefined, cancelled: "abort" }, 1_000, 0);
    expect(gate.waiting).toBe(0);
  });

  it("starts its own timer for a waiter that comes when none is running", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    let isReleased = false;
    void gate.wait({ running: undefined, cancelled: undefined }, 10_000, 300).then(() => {
      isReleased = true;
    });
    await clock.advance(301);
    expect(isReleased).toBe(true);
  });

  it("keeps its own time, whatever else a waiter has heard", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(1_000);
    let isReleased = false;
    void gate.wait({ running: undefined, cancelled: undefined }, 10_000, 50).then(() => {
      isReleased = true;
    });
    await clock.advance(1_000);
    expect(isReleased).toBe(false);
    await clock.advance(1);
    expect(isReleased).toBe(true);
  });

  it("lets nobody out while a question is open, whose end will say", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    const { released } = waiters(gate, 2);
    expect(gate.msUntilProbe()).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(60_000);
    expect(released).toEqual([]);
    gate.openFor("failure");
    await settle();
    expect(released).toEqual([0, 1]);
  });

  it("lets those who come while it empties leave with the others", async () => {
    const clock = new FakeClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(1_000);
    const { released } = waiters(gate, 10);
    gate.openFor("ready");
    const late = waiters(gate, 1);
    await settle();
    expect(released).toHaveLength(8);
    await clock.advance(50);
    expect([released.length, late.released.length, gate.waiting]).toEqual([10, 1, 0]);
  });

  it("lets nobody out before the time, on a clock whose timers are a fraction early", async () => {
    const clock = new EarlyClock();
    const gate = new WarmUpGate(clock);
    gate.probeAfter(100.7);
    let releasedAt = 0;
    void gate.wait({ running: undefined, cancelled: undefined }, 10_000, 0).then(() => {
      releasedAt = clock.now();
    });
    await clock.advance(200);
    expect(releasedAt).toBeGreaterThanOrEqual(100.7);
  });
});
