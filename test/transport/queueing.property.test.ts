import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answers, silence } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import type { SeenRequest } from "../support/faulty-server.ts";
import { loopback } from "../support/loopback-client.ts";

const CALL_TIMEOUT_MS = 300;

const step = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ does: "call" } as const) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("give up" as const), newer: fc.nat({ max: 4 }) }) },
  { weight: 3, arbitrary: fc.constant({ does: "answer" } as const) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant("wait" as const), ms: fc.integer({ min: 50, max: 200 }) }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Calls of a client with few connections: made, given up, answered and out of time, in any order. */
async function crowd(maxSockets: number) {
  const { server, caller } = await loopback([silence], {
    concurrencyLimit: false,
    circuitBreaker: false,
    retry: false,
    callTimeoutMs: CALL_TIMEOUT_MS,
    maxSockets,
  });
  const calls: { readonly abort: AbortController; readonly settled: Promise<unknown> }[] = [];
  const answered = new Set<SeenRequest>();
  const call = () => {
    const abort = new AbortController();
    const settled = Promise.allSettled([
      caller.invoke({ abortSignal: abort.signal }, { Body: String(calls.length) }),
    ]);
    calls.push({ abort, settled });
  };
  const answerOldest = () => {
    const waiting = server.requests.find((request) => !answered.has(request) && !request.socket.destroyed);
    if (waiting === undefined) return;
    answered.add(waiting);
    answers()(waiting);
  };
  const take = async (next: Step) => {
    if (next.does === "call") call();
    else if (next.does === "give up") calls.at(-1 - next.newer)?.abort.abort();
    else if (next.does === "wait") await caller.clock.advance(next.ms);
    else answerOldest();
    await turns(1);
  };
  return { server, caller, calls, take };
}

describe("calls that queue for a connection, however they come, are answered, given up or out of time", () => {
  it("each end, go out once at most, and leave all connections to those that come after", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 80 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, maxSockets) => {
          const { server, caller, calls, take } = await crowd(maxSockets);
          for (const next of steps) await take(next);
          await caller.clock.advance(CALL_TIMEOUT_MS);
          await Promise.all(calls.map(({ settled }) => settled));

          server.play([answers()]);
          // One alone first: where the queue miscounts, a second call has both carried.
          const later = [caller.invoke({}, { Body: "next" })];
          await later[0];
          for (let i = 0; i < maxSockets; i++) later.push(caller.invoke({}, { Body: `later ${i}` }));
          for (const { Body } of await Promise.all(later)) expect(Body.transformToString()).toBe("7");

          const sent = server.requests.map(({ body }) => body.toString());
          expect(new Set(sent).size).toBe(sent.length);
          caller.client.destroy();
          server.stop();
        },
      ),
      { numRuns: 150 },
    );
  });
});
