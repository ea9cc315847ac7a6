import type { Clock, Timer } from "./clock.ts";
import { type Polled, timeIsUp } from "./whole-poll.ts";

/** Something that has only so much time. */
export abstract class Expiry implements Polled {
  /** {@link Clock.now} at which its time is up. */
  dueAt = 0;
  /** Its neighbours among those that wait, and its timer where it waits alone. Theirs alone: {@link Timeouts}. */
  previous: Expiry | undefined = undefined;
  next: Expiry | undefined = undefined;
  timer: Timer = undefined;

  /** Called once, when the time is up. */
  abstract expire(): void;

  /** Its own timer has fired. Does nothing where it was stopped since. */
  onPolled(): void {
    if (this.timer === undefined) return;
    this.timer = undefined;
    this.expire();
  }
}

/**
 * Expiries of which nearly all are given the same time, and nearly all are stopped before it is up: the bounds
 * of calls and attempts. Those wait in a list, in the order they are due, on one timer for the first of them;
 * a timer for each would be the most expensive part of a bound. Any other waits on its own.
 *
 * What has come while the event loop stood still counts as in time: see {@link timeIsUp}.
 *
 * The timer stays when the list is empty, and holds nothing up: where one call follows the other, making it anew
 * would again be a timer for each. When it fires too early for what waits by then, it is set anew.
 */
export class Timeouts implements Polled {
  readonly #clock: Clock;
  readonly #usualMs: number;
  readonly #holdsProcess: boolean;
  #first: Expiry | undefined;
  #last: Expiry | undefined;
  #timer: Timer;
  /** When the timer fires. */
  #timerAt = 0;
  /** What the platform made timers by when it was made. */
  #madeBy: unknown;

  /**
   * @param usualMs the time that most are given, in milliseconds
   * @param holdsProcess whether the process stays alive for what waits, where nothing else keeps it
   */
  constructor(clock: Clock, usualMs: number, holdsProcess = true) {
    this.#clock = clock;
    this.#usualMs = usualMs;
    this.#holdsProcess = holdsProcess;
  }

  /** Lets it expire `delayMs` after `from`, which is now or was a moment ago. */
  start(expiry: Expiry, from: number, delayMs: number): void {
    expiry.dueAt = from + delayMs;
    if (delayMs !== this.#usualMs) {
      expiry.timer = this.#clock.setTimeout(this.#fireAlone, expiry.dueAt - this.#clock.now(), expiry);
      if (!this.#holdsProcess) this.#clock.holdProcess(expiry.timer, false);
      return;
    }
    const wasEmpty = this.#first === undefined;
    this.#insert(expiry);
    if (this.#timer === undefined) this.#arm(this.#clock.now());
    else if (this.#madeBy !== setTimeout) this.#abandonTimer();
    else if (this.#first === expiry && expiry.dueAt < this.#timerAt) this.#armAnew();
    else if (wasEmpty && this.#holdsProcess) this.#clock.holdProcess(this.#timer, true);
  }

  /** Some of those that wait in the list may be due. */
  onPolled(): void {
    const now = this.#clock.now();
    let first = this.#first;
    while (first !== undefined && first.dueAt <= now) {
      this.#remove(first);
      first.expire();
      first = this.#first;
    }
    if (this.#timer === undefined) this.#arm(now);
  }

  /** It does not expire any more. Does nothing for one that has, or that was stopped. */
  stop(expiry: Expiry): void {
    if (expiry.timer !== undefined) {
      this.#clock.clearTimeout(expiry.timer);
      expiry.timer = undefined;
    }
    const isEmpty = this.#remove(expiry) && this.#first === undefined;
    if (isEmpty && this.#holdsProcess && this.#timer !== undefined) {
      this.#clock.holdProcess(this.#timer, false);
    }
  }

  /** At the end, but for those that are due later: whoever was a moment late to start. */
  #insert(expiry: Expiry): void {
    let before = this.#last;
    while (before !== undefined && before.dueAt > expiry.dueAt) before = before.previous;
    const after = before === undefined ? this.#first : before.next;
    expiry.previous = before;
    expiry.next = after;
    if (before === undefined) this.#first = expiry;
    else before.next = expiry;
    if (after === undefined) this.#last = expiry;
    else after.previous = expiry;
  }

  #remove(expiry: Expiry): boolean {
    const { previous, next } = expiry;
    if (previous === undefined && this.#first !== expiry) return false;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    expiry.previous = undefined;
    expiry.next = undefined;
    return true;
  }

  /** Whoever was late to start is due before those that wait. */
  #armAnew(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#arm(this.#clock.now());
  }

  /** A test has put other timers into the place of the platform's, or back: the one that was made may never fire. */
  #abandonTimer(): void {
    // Not cleared: fake timers warn of those that they have not made.
    this.#clock.holdProcess(this.#timer, false);
    this.#arm(this.#clock.now());
  }

  #arm(now: number): void {
    if (this.#first === undefined) return;
    // At least 1 ms: a timer may fire a fraction early, and must then not fire again in the same tick.
    const delayMs = Math.max(1, Math.ceil(this.#first.dueAt - now));
    this.#timerAt = now + delayMs;
    this.#madeBy = setTimeout;
    this.#timer = this.#clock.setTimeout(this.#fire, delayMs, this.#madeBy);
    if (!this.#holdsProcess) this.#clock.holdProcess(this.#timer, false);
  }

  readonly #fire = (madeBy: unknown): void => {
    if (madeBy !== this.#madeBy) return;
    this.#timer = undefined;
    if (this.#first !== undefined) timeIsUp(this, this.#clock, this.#first.dueAt);
  };

  readonly #fireAlone = (expiry: Expiry): void => timeIsUp(expiry, this.#clock, expiry.dueAt);
}

/**
 * The timeouts of one layer, for all handlers that it is resolved into: a command with layers of its own is a handler
 * for one call, and would leave a timer behind.
 */
export class LayerTimeouts {
  readonly #holdsProcess: boolean;
  #newest: { readonly clock: Clock; readonly usualMs: number; readonly timeouts: Timeouts } | undefined;

  /** @param holdsProcess as of {@link Timeouts} */
  constructor(holdsProcess = true) {
    this.#holdsProcess = holdsProcess;
  }

  /** Those of which most are given `usualMs`. */
  of(clock: Clock, usualMs: number): Timeouts {
    if (this.#newest?.clock !== clock || this.#newest.usualMs !== usualMs) {
      this.#newest = { clock, usualMs, timeouts: new Timeouts(clock, usualMs, this.#holdsProcess) };
    }
    return this.#newest.timeouts;
  }
}
