import { describe, expect, it } from "vitest";
import { OpenLoad, type OpenLoadOptions } from "../../../bench/child/open-load.ts";
import type { Answer, OpenClient } from "../../../bench/client.ts";

const ANSWER: Answer = { status: 200, body: Buffer.alloc(4) };
const clientOf = (call: OpenClient["call"]): OpenClient => ({ call, close: async () => {} });

/** A load of 1,000 calls per second, and the latencies that it reported. */
function loadOf(call: OpenClient["call"], options: Partial<OpenLoadOptions> = {}) {
  const latenciesMs: number[] = [];
  const load = new OpenLoad(clientOf(call), {
    request: Buffer.alloc(1),
    answerBytes: 4,
    ratePerSecond: 1_000,
    pacing: "spin",
    onAnswer: (latencyMs) => latenciesMs.push(latencyMs),
    ...options,
  });
  return { load, latenciesMs };
}

describe("an open load", () => {
  it("makes every call that is due, and one after the other when it is due", async () => {
    const startedAt: number[] = [];
    const { load, latenciesMs } = loadOf(async () => {
      startedAt.push(performance.now());
      return ANSWER;
    });
    const { calls } = await load.run(50);
    expect(calls).toBe(50);
    expect(latenciesMs).toHaveLength(50);
    // The last one is due after 49 ms: a load that did not wait would be through long before.
    expect(startedAt.at(-1)! - startedAt[0]!).toBeGreaterThan(40);
  });

  it("counts latency from when a call was due, so that waiting for the client is in it", async () => {
    let isFirst = true;
    const { load, latenciesMs } = loadOf(async () => {
      const blockUntil = performance.now() + (isFirst ? 60 : 0);
      isFirst = false;
      while (performance.now() < blockUntil);
      return ANSWER;
    });
    await load.run(60);
    // The client stood still for 60 ms in its first call: the second was due after 1 ms, and waited for the rest.
    expect(latenciesMs[1]).toBeGreaterThan(55);
    expect(latenciesMs[30]).toBeGreaterThan(25);
  });

  it("says of each answer when its call was due, from the start", async () => {
    const dueAfterMs: number[] = [];
    const { load } = loadOf(async () => ANSWER, { onAnswer: (_, due) => dueAfterMs.push(due) });
    await load.run(5);
    expect(dueAfterMs).toEqual([0, 1, 2, 3, 4]);
  });

  it("says so where the client cannot keep up, and stops calling", async () => {
    const { load } = loadOf(() => new Promise((resolve) => setTimeout(() => resolve(ANSWER), 100)), {
      ratePerSecond: 100_000,
      maxLagMs: 50,
    });
    const { calls, isSustained } = await load.run(2_000);
    expect(isSustained).toBe(false);
    expect(calls).toBeLessThan(20_000);
  });

  it("keeps at most 1,024 calls in flight", async () => {
    let inFlight = 0;
    let most = 0;
    const slowly = async () => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setTimeout(resolve, 30));
      inFlight--;
      return ANSWER;
    };
    await loadOf(slowly, { ratePerSecond: 100_000 }).load.run(30);
    expect(most).toBe(1_024);
  });

  it("passes on its signal", async () => {
    const { signal } = new AbortController();
    const signals = new Set<AbortSignal | undefined>();
    const { load } = loadOf(
      async (_body, abortSignal) => {
        signals.add(abortSignal);
        return ANSWER;
      },
      { abortSignal: signal, pacing: "timer" },
    );
    await load.run(5);
    expect([...signals]).toEqual([signal]);
  });

  it.each([
    ["a call that fails", () => Promise.reject(new Error("refused")), /refused/],
    ["another answer", async () => ({ status: 500, body: Buffer.alloc(4) }), /status 500/],
  ])("fails on %s", async (_, call, expected) => {
    await expect(loadOf(call).load.run(20)).rejects.toThrow(expected);
  });
});
