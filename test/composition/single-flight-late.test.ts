import { describe, expect, it } from "vitest";
import { scriptedClient } from "../support/scripted-client.ts";

const USUAL = { afterMs: 200, answer: 200 } as const;

/** A client that knows how long its target takes. */
async function knowing(usual: { readonly afterMs: number; readonly answer: 200 } = USUAL) {
  const test = scriptedClient([usual], { singleFlight: true });
  const known = test.call();
  await test.clock.advance(usual.afterMs);
  await known;
  return test;
}

describe("an invocation that takes four times as long as is usual for its target", () => {
  it("is shared no further: one that was lost costs those alone who came until then", async () => {
    const { call, clock, network } = await knowing();
    network.answerWith("silence", USUAL);
    const lost = call({}, { callTimeoutMs: 5_000 });
    await clock.advance(799);
    const shares = call({}, { callTimeoutMs: 5_000 });
    await clock.advance(1);
    const later = [call(), call()];
    await clock.advance(200);
    expect((await Promise.all(later)).map(({ ok }) => ok)).toEqual([true, true]);
    expect(network.requests).toHaveLength(3);
    await clock.advance(5_000);
    for (const call of [lost, shares]) expect((await call).error).toMatchObject({ clock: "call" });
    expect(clock.pendingTimers).toBe(0);
  });

  it("is followed by ones that are shared for twice as long each, should the target have become slow", async () => {
    const { call, clock, network } = await knowing();
    network.answerWith({ afterMs: 20_000, answer: 200 });
    const calls = [];
    for (let i = 0; i < 100; i++) {
      calls.push(call());
      await clock.advance(200);
    }
    expect(network.requests.length - 1).toBe(5);
    await clock.advance(20_000);
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true);
  });

  it("is shared whatever it takes where nothing is known of its target, and for a moment where that is fast", async () => {
    const { call, clock, network } = await knowing({ afterMs: 1, answer: 200 });
    network.answerWith({ afterMs: 5_000, answer: 200 });
    void call();
    await clock.advance(99);
    void call();
    void call({ EndpointName: "other" });
    await clock.advance(4_000);
    void call({ EndpointName: "other" });
    await clock.advance(0);
    expect(network.requests).toHaveLength(3);
    await clock.advance(10_000);
  });
});
