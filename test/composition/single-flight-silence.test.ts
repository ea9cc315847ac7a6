import { describe, expect, it } from "vitest";
import { scriptedClient } from "../support/scripted-client.ts";

const config = { singleFlight: true, timeouts: { attemptMs: 1_000 }, callTimeoutMs: 3_000 };

describe("identical calls of which the shared attempt is lost on its way", () => {
  it("share one more where they came later than the first, which has had its time", async () => {
    const { call, clock, network, metric } = scriptedClient(["silence", 200], config);
    const first = call();
    await clock.advance(100);
    const later = [call(), call(), call()];
    await clock.advance(900);
    expect((await first).error).toMatchObject({ name: "TimeoutError", clock: "attempt" });
    const ends = await Promise.all(later);
    expect(ends.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(ends.map(({ output }) => output?.$metadata.attempts)).toEqual([2, 2, 2]);
    expect(network.requests).toHaveLength(2);
    expect(await metric("attempts_total", {})).toBe(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it("do so once, so that a target which is silent costs each a second attempt at the most", async () => {
    const { call, clock, network } = scriptedClient(["silence"], config);
    void call();
    await clock.advance(100);
    const later = [call(), call()];
    await clock.advance(2_900);
    for (const { error } of await Promise.all(later)) {
      expect(error).toMatchObject({ name: "TimeoutError", clock: "attempt", mayHaveExecuted: true });
    }
    expect(network.requests).toHaveLength(2);
  });

  it("keep to their own deadlines meanwhile", async () => {
    const { call, clock } = scriptedClient(["silence"], config);
    void call();
    await clock.advance(100);
    const later = call({}, { callTimeoutMs: 1_200 });
    await clock.advance(1_200);
    expect((await later).error).toMatchObject({ name: "TimeoutError", clock: "call" });
    await clock.advance(3_000);
    expect(clock.pendingTimers).toBe(0);
  });
});
