import { expect, it } from "vitest";
import { routedClient } from "../support/routed-client.ts";
import type { Settled } from "../support/scripted-client.ts";

const config = {
  split: { weights: { churn: { blue: 1, green: 1 } }, outliers: false },
  timeouts: { attemptMs: 1_000 },
  maxAttempts: 1,
} as const;

it("lets nobody wait for a variant that answers nothing while another one is well, and has it back once it answers", async () => {
  const { call, clock, network } = routedClient({ blue: [200], green: ["silence"] }, config);
  const ends: Settled[] = [];
  const callEach500Ms = async (times: number) => {
    for (let i = 0; i < times; i++) {
      void call().then((end) => ends.push(end));
      await clock.advance(500);
    }
  };
  await callEach500Ms(20);
  await clock.advance(10_000);
  const lost = ends.filter(({ ok }) => !ok).map(({ error }) => error?.clock);
  expect(ends).toHaveLength(20);
  expect(lost).toEqual(Array(lost.length).fill("attempt"));
  expect(lost.length).toBeLessThan(8);
  network.at("green").answerWith(200);
  const before = network.counts.green!;
  await callEach500Ms(20);
  expect(ends.slice(20).every(({ ok }) => ok)).toBe(true);
  expect(network.counts.green! - before).toBeGreaterThan(5);
});

it("sends the variant that is well what it is to have where the limit is one for all of them", async () => {
  const concurrencyLimit = { key: ({ endpoint }: { endpoint: string }) => endpoint };
  const { call, clock, network } = routedClient(
    { blue: [200], green: ["silence"] },
    { ...config, concurrencyLimit, circuitBreaker: false },
  );
  for (let i = 0; i < 40; i++) {
    void call();
    await clock.advance(500);
  }
  await clock.advance(60_000);
  expect(Math.abs(network.counts.blue! - network.counts.green!)).toBeLessThan(6);
});
