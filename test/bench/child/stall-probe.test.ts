import { describe, expect, it } from "vitest";
import { measureAllocation } from "../../../bench/child/allocation.ts";
import { StallProbe } from "../../../bench/child/stall-probe.ts";

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe("a stall probe", () => {
  it("finds the longest turn of the event loop", async () => {
    const probe = new StallProbe();
    probe.start();
    for (const ms of [5, 120, 10]) {
      await new Promise(setImmediate);
      block(ms);
    }
    expect(probe.stop()).toBeGreaterThanOrEqual(120);
  });

  it("does not look before it starts", async () => {
    const probe = new StallProbe();
    block(200);
    probe.start();
    await new Promise(setImmediate);
    expect(probe.stop()).toBeLessThan(200);
  });

  it("lets a loop that has nothing to do make ten turns a millisecond at most, and leaves little behind in each", async () => {
    const probe = new StallProbe();
    const startedAt = performance.now();
    probe.start();
    const allocated = await measureAllocation(async () => {
      for (let turn = 0; turn <= 200; turn++) await new Promise(setImmediate);
    });
    const elapsedMs = performance.now() - startedAt;
    probe.stop();
    expect(elapsedMs).toBeGreaterThanOrEqual(20);
    expect(allocated / 200).toBeLessThan(4_096);
  });
});
