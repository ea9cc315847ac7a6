import { describe, expect, it } from "vitest";
import { REFUSED } from "../../../lib/resilience/breaker/breaker.ts";
import {
  type Action,
  type Explored,
  explore,
  ONE_FUTURE,
  type StepInvariant,
} from "../../support/explore.ts";
import { breakerActions, futureOf, isStale, setBack } from "./breaker-exploration.ts";
import { DrivenBreaker, PATIENCE_MS, QUIET_MS } from "./driven-breaker.ts";

const OPEN = "1: an open breaker admits nothing but its probes, and those are counted";
const STALE = "2: what an attempt of an earlier generation turns out to be changes nothing";
const CLOSES = "3: wherever it is, a quiet time and a success of each probe close it";
const WALL_CLOCK = "9: a wall clock that is set back changes nothing";

/** As many as there are probes, and one more to end the ramp. */
const MOST_ROUNDS = 3;

const openAdmitsProbesOnly: StepInvariant<DrivenBreaker> = (driven) => {
  const { breaker } = driven;
  const wasOpen = breaker.state === "open";
  const { retryAfterMs } = breaker.refusal();
  return () => {
    const { state } = breaker;
    const inFlight = driven.current.length;
    if (state === "open" || state === "isolated") expect(inFlight, `in flight while ${state}`).toBe(0);
    if (state === "halfOpen") expect(driven.probes).toBeLessThanOrEqual(driven.probesAllowed);
    expect(driven.silentMs, "silent before one more asks").toBeGreaterThanOrEqual(PATIENCE_MS);
    if (wasOpen && state === "halfOpen") expect(retryAfterMs, "left of its time").toBe(0);
  };
};

/** What can be seen of it is the same after a step of this kind as before it. */
function changesNothing(isMeant: (action: Action<DrivenBreaker>) => boolean): StepInvariant<DrivenBreaker> {
  return (driven, action) => {
    if (!isMeant(action)) return () => {};
    const before = driven.seen();
    return () => expect(driven.seen()).toBe(before);
  };
}

/** Whatever is in flight stays so, as an attempt does whose connection was lost: nobody waits for it. */
function closesAgain(driven: DrivenBreaker): void {
  const { breaker } = driven;
  if (breaker.state === "isolated") breaker.reset();
  for (let round = 0; round < MOST_ROUNDS && breaker.state !== "closed"; round++) {
    driven.pass(QUIET_MS);
    driven.admit();
    expect(driven.lastAdmitted, `refused while ${breaker.state}`).not.toBe(REFUSED);
    driven.settle(driven.held.at(-1)!, "success");
  }
  expect(breaker.state).toBe("closed");
}

/**
 * Every state that a breaker can be in, with up to two attempts in flight: of now and of before, at each
 * millisecond of open times and ramps, at whatever order of ends. Attempts are told apart by their generation,
 * counts up to where they stop to matter (see `DrivenBreaker.key`); nothing else bounds the search.
 */
describe.each([
  ["of a whole endpoint", undefined, 1_500],
  ["of one model", "a.tar.gz", 900],
])("a breaker %s, in every state that it can reach", (_, model, fewestStates) => {
  let explored: Promise<Explored> | undefined;
  const exploring = () => {
    explored ??= exploreAll(model);
    return explored;
  };

  it.each([OPEN, STALE, CLOSES, WALL_CLOCK, ONE_FUTURE])("%s", { timeout: 60_000 }, async (invariant) => {
    expect((await exploring()).counterexamples.get(invariant)).toBeUndefined();
  });

  it("has been seen whole", async () => {
    const { isExhausted, states } = await exploring();
    expect(isExhausted).toBe(true);
    expect(states).toBeGreaterThan(fewestStates);
  });
});

async function exploreAll(model: string | undefined): Promise<Explored> {
  // Refusals are errors, and their stack traces would take most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await explore({
      start: () => new DrivenBreaker(model),
      actions: breakerActions,
      key: (driven) => driven.key(),
      future: futureOf,
      always: {
        [OPEN]: openAdmitsProbesOnly,
        [STALE]: changesNothing(isStale),
        [WALL_CLOCK]: changesNothing((action) => action === setBack),
      },
      fromEverywhere: { [CLOSES]: closesAgain },
      maxDepth: 50,
    });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
