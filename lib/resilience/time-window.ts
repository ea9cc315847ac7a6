/** Slots that a window is cut into: what is forgotten is forgotten a tenth of the window at a time. */
export const SLOTS = 10;

/**
 * Counts of good and bad events over the last `windowMs`. Slots go out of date by themselves as time
 * passes, however long nothing happened, so old events never count.
 */
export class TimeWindow {
  readonly #slotMs: number;
  readonly #slots: number;
  readonly #good: Float64Array;
  readonly #bad: Float64Array;
  #newest: number;

  constructor(windowMs: number, now: number, slots = SLOTS) {
    this.#slotMs = windowMs / slots;
    this.#slots = slots;
    this.#good = new Float64Array(slots);
    this.#bad = new Float64Array(slots);
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
    if (this.#newest - added >= this.#slots) return;
    const slot = added % this.#slots;
    this.#bad[slot] = Math.max(0, (this.#bad[slot] ?? 0) - 1);
  }

  /** @param slots how many slots back, the one of `now` included; all where left out */
  good(now: number, slots = this.#slots): number {
    this.#slotAt(now);
    return this.#sum(this.#good, slots);
  }

  bad(now: number, slots = this.#slots): number {
    this.#slotAt(now);
    return this.#sum(this.#bad, slots);
  }

  /** The fewest slots back, and at least `least`, that hold `events`; all where none do. */
  slotsBack(now: number, least: number, events: number): number {
    this.#slotAt(now);
    let found = this.#sum(this.#good, least) + this.#sum(this.#bad, least);
    let slots = least;
    while (found < events && slots < this.#slots) {
      const slot = this.#slotBack(slots++);
      found += (this.#good[slot] ?? 0) + (this.#bad[slot] ?? 0);
    }
    return slots;
  }

  /** Adds what `other` holds, each event at its age. */
  takeOver(other: TimeWindow, now: number): this {
    other.#slotAt(now);
    this.#slotAt(now);
    for (let back = 0; back < other.#slots; back++) {
      const age = Math.round((back * other.#slotMs) / this.#slotMs);
      if (age >= this.#slots) break;
      const to = this.#slotBack(age);
      const from = other.#slotBack(back);
      this.#good[to] = (this.#good[to] ?? 0) + (other.#good[from] ?? 0);
      this.#bad[to] = (this.#bad[to] ?? 0) + (other.#bad[from] ?? 0);
    }
    return this;
  }

  #sum(counts: Float64Array, slots: number): number {
    let total = 0;
    for (let back = 0; back < slots; back++) total += counts[this.#slotBack(back)] ?? 0;
    return total;
  }

  /** The slot that was the newest one `back` slots ago. */
  #slotBack(back: number): number {
    return (this.#newest + this.#slots - back) % this.#slots;
  }

  /** The slot of `now`, after every slot that went out of date since the last look was emptied. */
  #slotAt(now: number): number {
    const newest = Math.max(this.#newest, Math.floor(now / this.#slotMs));
    const outdated = Math.min(this.#slots, newest - this.#newest);
    this.#newest = newest;
    for (let back = 0; back < outdated; back++) {
      const slot = this.#slotBack(back);
      this.#good[slot] = 0;
      this.#bad[slot] = 0;
    }
    return this.#slotBack(0);
  }
}
