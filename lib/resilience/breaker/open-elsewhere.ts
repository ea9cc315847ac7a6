import type { Clock } from "../../clock.ts";

/** For how long word of an opening is good, in milliseconds: a breaker opens anew, and says so, more often. */
const GOOD_FOR_MS = 60_000;

/** Openings remembered at once: they come from outside, and must not grow memory. */
const MOST_OPENINGS = 10_000;

/** Which breakers are open in other processes, as far as they have said so of late. */
export class OpenElsewhere {
  readonly #clock: Clock;
  /** Until when, by key and source; the one that was heard of last at the end. */
  readonly #until = new Map<string, Map<string, number>>();
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether that is news: it was not known to be open there */
  opened(key: string, source: string): boolean {
    const wasOpen = this.#isOpen(key, source);
    this.closed(key, source);
    if (this.#size >= MOST_OPENINGS) this.#forgetOldest();
    const sources = this.#until.get(key) ?? new Map<string, number>();
    this.#until.delete(key);
    this.#until.set(key, sources.set(source, this.#clock.now() + GOOD_FOR_MS));
    this.#size++;
    return !wasOpen;
  }

  closed(key: string, source: string): void {
    const sources = this.#until.get(key);
    if (sources?.delete(source)) this.#size--;
    if (sources?.size === 0) this.#until.delete(key);
  }

  /** Whether the breaker of that key is open in any other process. */
  isOpen(key: string): boolean {
    for (const source of this.#until.get(key)?.keys() ?? []) if (this.#isOpen(key, source)) return true;
    return false;
  }

  #isOpen(key: string, source: string): boolean {
    return (this.#until.get(key)?.get(source) ?? Number.NEGATIVE_INFINITY) > this.#clock.now();
  }

  #forgetOldest(): void {
    for (const [key, sources] of this.#until) {
      for (const source of sources.keys()) {
        this.closed(key, source);
        return;
      }
    }
  }
}
