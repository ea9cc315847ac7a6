// Not the global one, which fake timers in the tests of a user hold up.
import { setImmediate } from "node:timers";
import type { Clock } from "./clock.ts";

/** What wants to be told once the system was asked for all that has come. */
export interface Polled {
  onPolled(): void;
}

/** Told at the end of this turn of the event loop, and at that of the next. */
let early: Polled[] = [];
let late: Polled[] = [];
let isTurning = false;

/**
 * Tells once a whole poll for input lies between now and then. The end of this turn is too early for that: one that is
 * made while a poll is being worked off tells nothing of what came after it began. One immediate a turn does for all.
 */
export function afterWholePoll(waiting: Polled): void {
  late.push(waiting);
  if (isTurning) return;
  isTurning = true;
  setImmediate(endTurn);
}

function endTurn(): void {
  const told = early;
  early = late;
  late = [];
  isTurning = early.length > 0;
  if (isTurning) setImmediate(endTurn);
  for (const waiting of told) waiting.onPolled();
}

/** Timers count in whole milliseconds, and are as late as that by themselves. */
const RESOLUTION_MS = 1;

/**
 * Tells that a time is up, for timers to call: at once where it is up just now, and after a whole poll where it was up before.
 * A late timer says that the event loop stood still, and what was awaited may lie there: timers go ahead of sockets.
 */
export function timeIsUp(waiting: Polled, clock: Clock, dueAt: number): void {
  if (clock.now() - dueAt > RESOLUTION_MS) afterWholePoll(waiting);
  else waiting.onPolled();
}
