import type { Clock, Timer } from "../../lib/clock.ts";

interface Pending {
  readonly dueAt: number;
  readonly sequence: number;
  readonly fire: () => void;
  isHolding: boolean;
}

/** Time that moves only by {@link advance}. */
export class FakeClock implements Clock {
  #now = 0;
  #epochOffset: number;
  #sequence = 0;
  #pending = new Set<Pending>();

  constructor(epochStart = Date.UTC(2026, 0, 2, 3, 4, 5)) {
    this.#epochOffset = epochStart;
  }

  now(): number {
    return this.#now;
  }

  epochNow(): number {
    return this.#epochOffset + this.#now;
  }

  /** Moves time on for code that has no timer running: at once, and with nothing settled in between. */
  skip(ms: number): void {
    if (this.#pending.size > 0) throw new Error("a timer is running, which only advance() would fire");
    this.#now += ms;
  }

  /** Steps the wall clock alone, as an operator or NTP would. */
  stepEpoch(ms: number): void {
    this.#epochOffset += ms;
  }

  setTimeout<T>(callback: (arg: T) => void, delayMs: number, arg: T): Timer {
    const timer: Pending = {
      dueAt: this.#now + Math.max(0, delayMs),
      sequence: this.#sequence++,
      fire: () => callback(arg),
      isHolding: true,
    };
    this.#pending.add(timer);
    return timer;
  }

  clearTimeout(timer: Timer): void {
    this.#pending.delete(timer as Pending);
  }

  holdProcess(timer: Timer, isHolding: boolean): void {
    (timer as Pending).isHolding = isHolding;
  }

  /** Those that would keep a process from ending. */
  get pendingTimers(): number {
    return [...this.#pending].filter((timer) => timer.isHolding).length;
  }

  /** Moves time on, firing each due timer at its own moment and letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.#next(); next !== undefined && next.dueAt <= until; next = this.#next()) {
      this.#now = Math.max(this.#now, next.dueAt);
      this.#pending.delete(next);
      next.fire();
      await settle();
    }
    this.#now = until;
    await settle();
  }

  #next(): Pending | undefined {
    let first: Pending | undefined;
    for (const timer of this.#pending) {
      if (first === undefined || timer.dueAt < first.dueAt) first = timer;
      else if (timer.dueAt === first.dueAt && timer.sequence < first.sequence) first = timer;
    }
    return first;
  }
}

/** Lets every promise that can settle without time passing do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
