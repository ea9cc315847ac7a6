import type { Clock, Timer } from "../../clock.ts";
import type { EndSign } from "./limit.ts";

/** Timeouts in a row, with no answer between and none to whoever started later, at which starts are spaced. */
const LEAST_RUN = 2;
/** In proportion to what is in flight: of many, a few that fail together are no silence of the target. */
const RUN_SHARE = 1 / 8;
/** Pause after a paced attempt that met an overloaded target, in milliseconds; it doubles up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;

/**
 * What is left to do where even the lowest limit is too much. A fleet of a hundred processes that may have four
 * attempts in flight each has four hundred, and an endpoint that has lost most of its workers answers none of them in
 * time. Less in flight than one per process can only be had by starting less often.
 *
 * While the target answers nothing, attempts start one at a time, with a growing pause after each that failed, and one
 * more after each longest pause without a word: what was lost on its way is given up long after the target is well again.
 * Whoever comes meanwhile waits in the queue, so that a recovery finds somebody to ask at once. With each answer one more may be
 * in flight, until nobody waits or the limit is reached.
 */
export class Pacer {
  readonly #clock: Clock;
  /** Called when a pause is over. */
  readonly #onReady: () => void;
  #isOn: boolean;
  /** Timeouts since the last answer. */
  #run = 0;
  /** {@link Clock.now} since when it has been pacing. */
  #since: number | undefined;
  /** Which spell of pacing that is, or was, from 1: what started in an earlier one takes no place in it. */
  #spell = 0;
  /** Attempts that started in this spell and have neither been answered nor ended. */
  #inFlight = 0;
  #allowed = 1;
  #pauseMs = 0;
  /** In the future only while it is pacing. */
  #pausedUntil = 0;
  #lastStartAt = 0;
  #timer: Timer;
  /** When the timer fires. */
  #timerAt = 0;

  /** @param isOn whether it is to pace at all */
  constructor(clock: Clock, isOn: boolean, onReady: () => void) {
    this.#clock = clock;
    this.#isOn = isOn;
    this.#onReady = onReady;
  }

  /** Goes on as it is, or stops; who waits is for its owner to serve. */
  turn(isOn: boolean): void {
    this.#isOn = isOn;
    if (isOn) return;
    this.#run = 0;
    this.#stop();
  }

  get isPacing(): boolean {
    return this.#since !== undefined;
  }

  /** How long it has been pacing, in milliseconds; `undefined` where it is not. */
  get pacingForMs(): number | undefined {
    return this.#since === undefined ? undefined : this.#clock.now() - this.#since;
  }

  /** Until the pause ends, in milliseconds; 0 where there is none. */
  get pauseLeftMs(): number {
    return Math.max(0, this.#pausedUntil - this.#clock.now());
  }

  /** Whether an attempt may start now, as far as pacing is concerned. */
  mayStart(): boolean {
    if (this.#since === undefined) return true;
    return this.#startsInMs() === 0;
  }

  /** Takes note of an attempt that starts; gives the spell of pacing in which it does, 0 for none. */
  started(): number {
    if (this.#since === undefined) return 0;
    this.#inFlight++;
    this.#lastStartAt = this.#clock.now();
    return this.#spell;
  }

  /**
   * Takes note of an attempt that ended, or was answered and goes on: a stream holds no place that others need.
   *
   * @param sign what it says about the load of the target; `undefined`: nothing
   * @param spell what {@link started} gave; 0 for one that was answered before
   * @param permits held at its start, that one included
   * @param limit permits that may be held
   * @param isWanted whether somebody waits for a permit
   */
  ended(sign: EndSign | undefined, spell: number, permits: number, limit: number, isWanted: boolean): void {
    const isPaced = this.#since !== undefined && spell === this.#spell;
    if (isPaced) this.#inFlight--;
    if (sign === "answered") this.#answered(isPaced, limit, isWanted);
    else if (isPaced && sign !== undefined) this.#pause(nextPauseMs(this.#pauseMs));
    else if (sign === "silent") this.#timedOut(permits);
  }

  #answered(isPaced: boolean, limit: number, isWanted: boolean): void {
    this.#run = 0;
    if (!isPaced) return;
    this.#allowed++;
    this.#pauseMs = 0;
    this.#pausedUntil = 0;
    if (!isWanted || this.#allowed > limit) this.#stop();
  }

  #timedOut(permits: number): void {
    if (!this.#isOn) return;
    this.#run++;
    if (this.#since !== undefined || this.#run < Math.max(LEAST_RUN, RUN_SHARE * permits)) return;
    this.#since = this.#clock.now();
    this.#spell++;
    this.#inFlight = 0;
    this.#pause(FIRST_PAUSE_MS);
  }

  #pause(pauseMs: number): void {
    this.#allowed = 1;
    this.#pauseMs = pauseMs;
    this.#pausedUntil = this.#clock.now() + pauseMs;
  }

  #stop(): void {
    this.#since = undefined;
    this.#pausedUntil = 0;
    this.nobodyWaits();
  }

  /** To be told that somebody waits for a permit, after whatever ended. It has a timer only while somebody does. */
  somebodyWaits(): void {
    if (this.#since === undefined) return;
    const leftMs = this.#startsInMs();
    const startAt = this.#clock.now() + leftMs;
    if (leftMs === 0 || (this.#timer !== undefined && this.#timerAt <= startAt)) return;
    this.nobodyWaits();
    this.#timerAt = startAt;
    this.#timer = this.#clock.setTimeout(resume, Math.ceil(leftMs), this);
  }

  nobodyWaits(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  pauseIsOver(): void {
    this.#timer = undefined;
    this.#onReady();
  }

  /** Until one more may start if none of those in flight is heard of, in milliseconds. */
  #startsInMs(): number {
    if (this.#inFlight < this.#allowed) return this.pauseLeftMs;
    return Math.max(this.pauseLeftMs, this.#lastStartAt + LONGEST_PAUSE_MS - this.#clock.now());
  }
}

function nextPauseMs(pauseMs: number): number {
  return Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * pauseMs));
}

function resume(pacer: Pacer): void {
  pacer.pauseIsOver();
}
