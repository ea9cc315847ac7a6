import { TimeWindow } from "./time-window.ts";

/** How far back the attempts are looked at that bound what may be stored, in milliseconds. */
const STORAGE_WINDOW_MS = 10_000;

/** What may be stored however few the attempts are: slow answers come in bursts, to a quiet client too. */
export const LEAST_STORED = 8;

/**
 * What there is before the first attempt: that room, half full. What is planned for leaves so little over that a
 * quiet client would have hardly anything to spare for bursts in its first thousand attempts.
 */
export const STORED_AT_START = LEAST_STORED / 2;

/** Ten tenths add up to a little less than one. */
const WHOLE = 1 - 1e-9;

/**
 * Bounds the load that hedges add to a target to a share of its attempts, and a few to begin with. Each attempt
 * earns a fraction of a hedge. What is not spent is stored, up to what the last 10 s have earned or a handful: a
 * larger burst of hedges is what a target that has just become slow needs least.
 */
export class HedgeAllowance {
  /** Hedges for each attempt, such as 0.1. */
  share: number;
  readonly #attempts: TimeWindow;
  #credit = STORED_AT_START;

  constructor(share: number, now: number) {
    this.share = share;
    this.#attempts = new TimeWindow(STORAGE_WINDOW_MS, now);
  }

  /** Takes note of an attempt that is no hedge. */
  attempted(now: number): void {
    this.#attempts.addGood(now);
    this.#store(this.#credit + this.share, now);
  }

  /** Takes one hedge; false, and nothing taken, where there is not a whole one. */
  tryTake(now: number): boolean {
    this.#store(this.#credit, now);
    if (this.#credit < WHOLE) return false;
    this.#credit -= 1;
    return true;
  }

  /** Returns a hedge that was taken and then not made. */
  giveBack(now: number): void {
    this.#store(this.#credit + 1, now);
  }

  #store(credit: number, now: number): void {
    const most = Math.max(LEAST_STORED, this.share * this.#attempts.good(now));
    this.#credit = Math.min(credit, most);
  }
}
