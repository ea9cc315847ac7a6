import type { Clock, Timer } from "../../../lib/clock.ts";
import { type Event, EventQueue } from "./event-queue.ts";

/** Midnight of some day: what dates are made of. */
const EPOCH_START = Date.UTC(2026, 0, 1);

/** Taken before a run puts virtual ones in the place of the global timers. */
const { setImmediate } = globalThis;

/**
 * The clock of a simulated world: time moves from event to event, however long or short that is.
 *
 * Between two events every promise settles that can. Each event runs in an immediate of its own, and Node empties
 * the queue of promises after each: that is what a turn of a real event loop does, at about a microsecond.
 */
export class VirtualTime implements Clock {
  readonly #events = new EventQueue();
  #now = 0;

  now(): number {
    return this.#now;
  }

  epochNow(): number {
    return EPOCH_START + this.#now;
  }

  setTimeout<T>(callback: (arg: T) => void, delayMs: number, arg: T): Timer {
    return this.#events.add(this.#now + Math.max(0, delayMs), () => callback(arg));
  }

  clearTimeout(timer: Timer): void {
    if (timer !== undefined) (timer as Event).isCancelled = true;
  }

  /** A world ends when its time is up, whatever is pending. */
  holdProcess(): void {}

  /** Plans something for a moment, which is now where it has passed. */
  at(timeMs: number, fire: () => void): void {
    this.#events.add(Math.max(this.#now, timeMs), fire);
  }

  /** Lets everything happen up to `untilMs`, that moment included. Rejects with what an event throws. */
  run(untilMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        const next = this.#events.peek();
        if (next === undefined || next.at > untilMs) {
          this.#now = Math.max(this.#now, untilMs);
          resolve();
          return;
        }
        this.#events.take();
        this.#now = next.at;
        try {
          next.fire();
        } catch (error) {
          reject(error);
          return;
        }
        setImmediate(turn);
      };
      setImmediate(turn);
    });
  }
}
