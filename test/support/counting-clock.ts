import { type Clock, systemClock, type Timer } from "../../lib/clock.ts";

/** Real time, counting the timers that keep the process from ending: neither fired nor cleared nor let go. */
export class CountingClock implements Clock {
  readonly #pending = new Set<Timer>();

  get pendingTimers(): number {
    return this.#pending.size;
  }

  now(): number {
    return systemClock.now();
  }

  epochNow(): number {
    return systemClock.epochNow();
  }

  setTimeout<T>(callback: (arg: T) => void, delayMs: number, arg: T): Timer {
    const fire = (value: T) => {
      this.#pending.delete(timer);
      callback(value);
    };
    const timer = systemClock.setTimeout(fire, delayMs, arg);
    this.#pending.add(timer);
    return timer;
  }

  clearTimeout(timer: Timer): void {
    this.#pending.delete(timer);
    systemClock.clearTimeout(timer);
  }

  holdProcess(timer: Timer, isHolding: boolean): void {
    if (isHolding) this.#pending.add(timer);
    else this.#pending.delete(timer);
    systemClock.holdProcess(timer, isHolding);
  }
}
