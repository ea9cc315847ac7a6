import type { EndSign } from "../../../lib/resilience/limiter/limit.ts";
import { NO_PERMIT } from "../../../lib/resilience/limiter/permit.ts";
import type { CallPriority } from "../../../lib/resilience/limiter/priority.ts";
import type { Action } from "../../support/explore.ts";
import type { DrivenLimiter } from "./driven-limiter.ts";

/** An attempt that was aborted says nothing. */
const SIGNS: readonly (EndSign | undefined)[] = ["answered", "overloaded", "silent", undefined];

const CLASSES: readonly CallPriority[] = ["critical", "sheddable"];

type LimiterAction = Action<DrivenLimiter>;

const isHeld = ({ held }: DrivenLimiter): boolean => held.length > 0;
const areHeld = ({ held }: DrivenLimiter): boolean => held.length > 1;

export const isAsking = ({ name }: LimiterAction): boolean => name.endsWith("call asks");

/** Everything that is done to a limiter in its life, with time that passes by so many milliseconds. */
export function limiterActions(tickMs: number): readonly LimiterAction[] {
  return [
    ...CLASSES.map((priority) => ({
      name: `a ${priority} call asks`,
      isPossible: () => true,
      run: (driven: DrivenLimiter) => driven.ask(priority),
    })),
    ...SIGNS.flatMap((sign) => [
      {
        name: `the oldest attempt ends: ${sign}`,
        isPossible: isHeld,
        run: (driven: DrivenLimiter) => driven.release(driven.held[0]!, sign),
      },
      {
        name: `the newest attempt ends: ${sign}`,
        isPossible: areHeld,
        run: (driven: DrivenLimiter) => driven.release(driven.held.at(-1)!, sign),
      },
    ]),
    ...[0, 1].map((place) => ({
      name: `attempt ${place} is answered by a stream that begins`,
      isPossible: ({ held }: DrivenLimiter) => held[place]?.isAnswered === false,
      run: (driven: DrivenLimiter) => driven.answer(driven.held[place]!),
    })),
    ...[0, 1].flatMap((place) => {
      const isThere = ({ waiting }: DrivenLimiter) => waiting.length > place;
      return [
        {
          name: `waiter ${place} gives up`,
          isPossible: isThere,
          run: (driven: DrivenLimiter) => driven.giveUp(driven.waiting[place]!),
        },
        {
          name: `an attempt is answered, and in the same tick waiter ${place} gives up`,
          isPossible: (driven: DrivenLimiter) => isThere(driven) && isHeld(driven),
          run: (driven: DrivenLimiter) => driven.releaseAndGiveUp(driven.held[0]!, driven.waiting[place]!),
        },
      ];
    }),
    { name: `${tickMs} ms pass`, isPossible: () => true, run: (driven) => driven.pass(tickMs) },
  ];
}

/** How a limiter goes on from here: it is asked more than it can give, answers, and is left alone. */
export async function futureOf(driven: DrivenLimiter): Promise<string> {
  const told: string[] = [];
  const tell = (): void => {
    const ends = driven.ended.splice(0).map(({ rank, ends }) => `${rank}: ${ends}`);
    const { inFlight, waiting, limit, isOverloaded } = driven.limiter;
    told.push(`${driven.lastAsked}, ${ends}, ${inFlight} of ${limit}, ${waiting} wait, ${isOverloaded}`);
  };
  driven.ended.splice(0);
  for (const priority of ["sheddable", "critical", "sheddable"] as const) {
    await driven.ask(priority);
    tell();
  }
  for (const sign of ["silent", undefined, "answered", "silent"] as const) {
    if (driven.held.length > 0) await driven.release(driven.held[0]!, sign);
    tell();
    await driven.pass(1_000);
    tell();
  }
  return told.join("; ");
}

/** Ends all that is held and waits for all that waits. */
export async function drain(driven: DrivenLimiter, waitMs: number): Promise<void> {
  for (let round = 0; round < 20 && driven.held.length + driven.waiting.length > 0; round++) {
    for (const one of driven.held.slice()) await driven.release(one, "answered");
    await driven.pass(waitMs);
  }
}

/** Permits that are given one after the other, until there is none. */
export function permitsOf({ limiter }: DrivenLimiter): number {
  let given = 0;
  while (given < 10 && limiter.tryAcquire(undefined) !== NO_PERMIT) given++;
  return given;
}
