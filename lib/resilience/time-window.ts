/** Slots that a window is cut into: what is forgotten is forgotten a tenth of the window at a time. */
export const SLOTS = 10;

/**
 * Counts of good and bad events over the last `windowMs`. Slots go out of date by themselves as time
 * passes, however long nothing happened, so old events never count.
 */
export class TimeWindow {
  readonly #slotMs: number;
  readonly #good = new Float64Array(SLOTS);
  readonly #bad = new Float64Array(SLOTS);
  #newest: number;

  constructor(windowMs: number, now: number) {
    this.#slotMs = windowMs / SLOTS;
    this.#newest = Math.floor(now / this.#slotMs);
  }

  addGood(now: number): void {
    const slot = this.#slotAt(now);
    this.#good[slot] = (this.#good[slot] ?? 0) + 1;
  }

  addBad(now: number): void {
    const slot = this.#slotAt(now);
    this.#bad[slot] = (this.#bad[slot] ?? 0) + 1;
  }

  /** Undoes an {@link addBad} of `addedAt`, unless that is out of the window already. */
  removeBad(addedAt: number, now: number): void {
    this.#slotAt(now);
    const added = Math.floor(addedAt / this.#slotMs);
    if (this.#newest - added >= SLOTS) return;
    const slot = added % SLOTS;
    this.#bad[slot] = Math.max(0, (this.#bad[slot] ?? 0) - 1);
  }

  good(now: number): number {
    this.#slotAt(now);
    return sum(this.#good);
  }

  bad(now: number): number {
    this.#slotAt(now);
    return sum(this.#bad);
  }

  /** The slot of `now`, after every slot that went out of date since the last look was emptied. */
  #slotAt(now: number): number {
    const newest = Math.max(this.#newest, Math.floor(now / this.#slotMs));
    const outdated = Math.min(SLOTS, newest - this.#newest);
    for (let i = 0; i < outdated; i++) {
      this.#good[(newest - i) % SLOTS] = 0;
      this.#bad[(newest - i) % SLOTS] = 0;
    }
    this.#newest = newest;
    return newest % SLOTS;
  }
}

function sum(slots: Float64Array): number {
  let total = 0;
  for (const count of slots) total += count;
  return total;
}
