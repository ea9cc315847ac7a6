import { describe, expect, it } from "vitest";
import { PRIORITY_RANK } from "../../../lib/resilience/limiter/priority.ts";
import { type Explored, explore, ONE_FUTURE, type StepInvariant } from "../../support/explore.ts";
import { DrivenLimiter, type Lifetime, MAX_QUEUE } from "./driven-limiter.ts";
import { drain, futureOf, isAsking, limiterActions, permitsOf } from "./limiter-exploration.ts";

const LIMIT = "4: no permit is given beyond the limit, and those that are held are those that were given";
const WAITS = "7: nobody waits beside a free permit, nor beyond the queue's bound, nor without a timer";
const ENDS = "7: every wait ends once";
const ORDER = "a call is refused or sent away for none of a lower class";
const BALANCE = "4: wherever it is, ends of all attempts bring all permits back, and leave no timer";

/** Longer than any pause. */
const QUIET_MS = 10_000;

const keepsToItsLimit: StepInvariant<DrivenLimiter> = ({ limiter, held }) => {
  const before = held.length;
  return () => {
    expect(limiter.inFlight, "held").toBe(held.length);
    expect(limiter.inFlight).toBeLessThanOrEqual(Math.max(limiter.limit, before));
  };
};

const keepsNobodyWaiting: StepInvariant<DrivenLimiter> = ({ limiter, waiting, pacer, clock }) => {
  return () => {
    expect(limiter.waiting, "waiting").toBe(waiting.length);
    expect(waiting.length).toBeLessThanOrEqual(MAX_QUEUE);
    const mayStart = limiter.inFlight < limiter.limit && pacer?.mayStart() !== false;
    expect(mayStart && waiting.length > 0, "waits beside a free permit").toBe(false);
    const pauseTimers = clock.pendingTimers - waiting.length;
    expect(pauseTimers).toBeLessThanOrEqual(waiting.length > 0 && pacer?.isPacing === true ? 1 : 0);
  };
};

const endsEveryWaitOnce: StepInvariant<DrivenLimiter> = (driven) => () => {
  expect(driven.accepted).toBe(driven.waiting.length + driven.ended.length);
  for (const { ends } of driven.ended) expect(ends.length).toBe(1);
};

const shedsTheLowest: StepInvariant<DrivenLimiter> = (driven, action) => {
  if (!isAsking(action)) return () => {};
  const asking = PRIORITY_RANK[action.name.includes("critical") ? "critical" : "sheddable"];
  const lowest = Math.max(asking, ...driven.waiting.map(({ rank }) => rank));
  const ended = driven.ended.length;
  return () => {
    const shed = driven.ended.slice(ended).filter(({ ends }) => ends[0] === "shed");
    for (const { rank } of shed) expect(rank).toBe(lowest);
    if (driven.lastAsked === "refused") expect(asking).toBe(lowest);
  };
};

async function givesAllPermitsAgain(driven: DrivenLimiter): Promise<void> {
  await drain(driven, QUIET_MS);
  // Where starts were spaced, it takes an answer to see that the target is back.
  await driven.ask("critical");
  await drain(driven, QUIET_MS);
  const { limiter, clock, held, waiting } = driven;
  expect([held.length, waiting.length, limiter.inFlight, limiter.waiting]).toEqual([0, 0, 0, 0]);
  expect(clock.pendingTimers).toBe(0);
  expect(permitsOf(driven)).toBe(2);
}

/**
 * Every state of a limiter of one or two permits and a queue of two, at whatever order of asking, ending, giving up and
 * waiting; nothing else bounds the search.
 */
describe.each<[string, Lifetime & { tickMs: number; leastStates: number }]>([
  ["whose queue has a time limit", { queueTimeoutMs: 2, tickMs: 1, isPaced: false, leastStates: 49 }],
  ["whose target falls silent", { queueTimeoutMs: 1e7, tickMs: 1_000, isPaced: true, leastStates: 170 }],
])("a limiter %s, in every state that it can reach", (_, { tickMs, leastStates, ...lifetime }) => {
  let explored: Promise<Explored> | undefined;
  const exploring = () => {
    explored ??= explore({
      start: () => new DrivenLimiter(lifetime),
      actions: limiterActions(tickMs),
      key: (driven) => driven.key(),
      future: futureOf,
      always: {
        [LIMIT]: keepsToItsLimit,
        [WAITS]: keepsNobodyWaiting,
        [ENDS]: endsEveryWaitOnce,
        [ORDER]: shedsTheLowest,
      },
      fromEverywhere: { [BALANCE]: givesAllPermitsAgain },
      maxDepth: 50,
    });
    return explored;
  };

  it.each([LIMIT, WAITS, ENDS, ORDER, BALANCE, ONE_FUTURE])("%s", { timeout: 60_000 }, async (invariant) => {
    expect((await exploring()).counterexamples.get(invariant)).toBeUndefined();
  });

  it("has been seen whole", async () => {
    const { isExhausted, states } = await exploring();
    expect(isExhausted).toBe(true);
    expect(states).toBeGreaterThanOrEqual(leastStates);
  });
});
