/** Weight of the newest attempt. */
const WEIGHT = 0.05;

/** Of an attempt that gave up nothing is known but that it would have taken longer. */
const BEYOND = 2;

/** How long attempts take to be answered, in the mean, in milliseconds; 0 before anything is known. */
export class AnswerTime {
  ms = 0;

  answered(afterMs: number): void {
    this.ms = this.ms === 0 ? afterMs : this.ms + WEIGHT * (afterMs - this.ms);
  }

  /** Where all give up too soon nobody is answered: what they have waited must count, or it would never be learnt. */
  gaveUp(afterMs: number): void {
    if (afterMs >= this.ms) this.answered(BEYOND * afterMs);
  }
}

/** What is said to a refused caller before any attempt has ended, in milliseconds. */
const UNKNOWN_MS = 100;

/** How long a permit is held, in the mean, in milliseconds. */
export class HoldTime {
  ms = UNKNOWN_MS;

  held(forMs: number): void {
    this.ms += WEIGHT * (forMs - this.ms);
  }
}
