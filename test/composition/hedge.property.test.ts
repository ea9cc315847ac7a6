import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STORED_AT_START } from "../../lib/resilience/hedge-allowance.ts";
import { type ScriptedClient, type Settled, scriptedClient } from "../support/scripted-client.ts";
import type { ScriptedAnswer } from "../support/scripted-dispatcher.ts";

const MAX_EXTRA_LOAD = 0.15;
const BUDGET_RATIO = 0.5;

const played = fc.oneof(
  { weight: 6, arbitrary: fc.constant(200) },
  { weight: 2, arbitrary: fc.constantFrom(503, 500, 424, 400, 429) },
  { weight: 1, arbitrary: fc.constantFrom({ resets: "headers" } as const, { resets: "body" } as const) },
);

const answer: fc.Arbitrary<ScriptedAnswer> = fc.oneof(
  { weight: 2, arbitrary: played },
  { weight: 6, arbitrary: fc.record({ afterMs: fc.integer({ min: 1, max: 25 }), answer: played }) },
  { weight: 3, arbitrary: fc.record({ afterMs: fc.integer({ min: 25, max: 400 }), answer: played }) },
  { weight: 1, arbitrary: fc.constant("silence" as const) },
);

const event = fc.record({
  afterMs: fc.integer({ min: 0, max: 40 }),
  abortAfterMs: fc.option(fc.integer({ min: 0, max: 200 }), { freq: 6 }),
  callTimeoutMs: fc.integer({ min: 5, max: 1_000 }),
});

type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** A client with no more retries and hedges than it has earned, and a breaker that opens now and then. */
function earningClient(script: readonly ScriptedAnswer[]): ScriptedClient {
  return scriptedClient(script, {
    hedge: { minimumSamples: 3, maxExtraLoad: MAX_EXTRA_LOAD, quantile: 0.6 },
    retry: { budget: { minPerSecond: 0, ratio: BUDGET_RATIO }, warmUp: false },
  });
}

/** Plays the events, and gives back how each call ended, and how often it did. */
async function play({ call, clock }: ScriptedClient, events: readonly Event[], signals: AbortSignal[]) {
  const ends: Settled[] = [];
  for (const { afterMs, abortAfterMs, callTimeoutMs } of events) {
    await clock.advance(afterMs);
    const controller = new AbortController();
    signals.push(controller.signal);
    if (abortAfterMs !== null) clock.setTimeout(() => controller.abort(), abortAfterMs, undefined);
    void call({}, { abortSignal: controller.signal, callTimeoutMs }).then((end) => ends.push(end));
  }
  await clock.advance(2_000);
  return ends;
}

describe("whatever the network answers, and whenever callers give up", () => {
  it("every call ends once, hedges and retries stay within what was earned, and nothing is left", async () => {
    let hedges = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 10, maxLength: 40 }),
        fc.array(answer, { minLength: 10, maxLength: 60 }),
        async (events, script) => {
          const test = earningClient([...script, 200]);
          const { metric, network, clock, client } = test;
          const signals: AbortSignal[] = [];
          const ends = await play(test, events, signals);

          expect(ends.length).toBe(events.length);
          expect(await metric("requests_total", {})).toBe(events.length);
          expect([network.inFlight, clock.pendingTimers]).toEqual([0, 0]);
          expect(await metric("attempts_in_flight", {})).toBe(0);
          for (const signal of signals) expect(getEventListeners(signal, "abort")).toEqual([]);

          const made = (kind: string) => metric("attempts_total", { kind });
          const [firsts, retries, hedged] = [await made("first"), await made("retry"), await made("hedge")];
          const successes = ends.filter(({ ok }) => ok).length;
          const earned = STORED_AT_START + MAX_EXTRA_LOAD * (firsts + retries);
          expect(hedged).toBeLessThanOrEqual(earned + 1e-6);
          expect(retries + hedged).toBeLessThanOrEqual(BUDGET_RATIO * successes + 1e-6);
          expect(await metric("hedges_total", {})).toBe(hedged);
          hedges += hedged;
          await client.close();
        },
      ),
      { numRuns: 30 },
    );
    // The law says nothing where there was nothing to judge.
    expect(hedges).toBeGreaterThan(20);
  });
});
