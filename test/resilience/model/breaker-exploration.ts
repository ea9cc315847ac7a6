import { REFUSED } from "../../../lib/resilience/breaker/breaker.ts";
import type { BreakerSnapshot } from "../../../lib/resilience/breaker/breaker-snapshot.ts";
import type { Verdict } from "../../../lib/resilience/breaker/breaker-state.ts";
import type { Action } from "../../support/explore.ts";
import { type DrivenBreaker, QUIET_MS } from "./driven-breaker.ts";

/** Permits that are out at once, stale ones included. */
const MAX_HELD = 2;

export const VERDICTS: readonly Verdict[] = ["success", "failure", "timeout", "notReady", "ignored"];

function action(
  name: string,
  run: (driven: DrivenBreaker) => void,
  isPossible: (driven: DrivenBreaker) => boolean = () => true,
): Action<DrivenBreaker> {
  return { name, isPossible, run };
}

export const setBack = action("the wall clock is set back", ({ clock }) => clock.stepEpoch(-3_600_000));

const restored = (snapshot: BreakerSnapshot): BreakerSnapshot => JSON.parse(JSON.stringify(snapshot));

/** Everything that is done to a breaker in its life. */
export const breakerActions: readonly Action<DrivenBreaker>[] = [
  action(
    "an attempt asks",
    (driven) => driven.admit(),
    ({ held }) => held.length < MAX_HELD,
  ),
  ...VERDICTS.map((verdict) =>
    action(
      `an attempt of now: ${verdict}`,
      (driven) => driven.settle(driven.current[0]!, verdict),
      ({ current }) => current.length > 0,
    ),
  ),
  ...VERDICTS.map((verdict) =>
    action(
      `an attempt of before: ${verdict}`,
      (driven) => driven.settle(driven.stale[0]!, verdict),
      ({ stale }) => stale.length > 0,
    ),
  ),
  action("1 ms passes", (driven) => driven.pass(1)),
  action("nothing happens for long", (driven) => driven.pass(QUIET_MS)),
  setBack,
  action("isolate", ({ breaker }) => breaker.isolate()),
  action("reset", (driven) => driven.reset()),
  action("another process says that it opened", ({ breaker }) => breaker.probeEarly()),
  action("another process says that it closed", ({ breaker }) => breaker.probeNow()),
  action("snapshot, restore", (driven) => driven.hand(restored)),
];

/** Which of the actions hand back a permit of an earlier generation. */
export function isStale({ name }: Action<DrivenBreaker>): boolean {
  return name.startsWith("an attempt of before");
}

/** How a breaker goes on from here: it is asked, answered, left alone, and fails again. */
export function futureOf(driven: DrivenBreaker): string {
  const told: string[] = [];
  const ask = (verdict: Verdict) => {
    driven.rule.undecided = undefined;
    driven.admit();
    if (driven.lastAdmitted !== REFUSED) driven.settle(driven.held.at(-1)!, verdict);
    const { openCause, retryAfterMs } = driven.breaker.refusal();
    told.push(`${driven.breaker.state} ${openCause} ${retryAfterMs} ${driven.rule.undecided}`);
  };
  let granted = 0;
  for (driven.admit(); driven.lastAdmitted !== REFUSED && granted < 5; driven.admit()) granted++;
  for (const verdict of ["failure", "notReady"] as const) {
    for (let i = 0; i < 3; i++) {
      ask(verdict);
      driven.pass(1);
    }
    driven.pass(QUIET_MS);
  }
  return `${granted} granted, ${told.join(", ")}`;
}
