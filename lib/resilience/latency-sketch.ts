/**
 * Largest relative error of a quantile, for durations from 1 ms to an hour. What is decided with it waits for
 * a share of all answers: a twentieth more or less of that time changes the share very little.
 */
export const RELATIVE_ERROR = 0.05;

/** Longest duration that is told apart from longer ones, in milliseconds: an hour. */
const LONGEST_MS = 3_600_000;

/** Bucket `i` holds the durations above `GROWTH ** (i - 1)` ms and up to `GROWTH ** i` ms; bucket 0 all below 1 ms. */
const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const BUCKETS_PER_E = 1 / Math.log(GROWTH);
const BUCKETS = Math.ceil(Math.log(LONGEST_MS) * BUCKETS_PER_E) + 1;

/**
 * Quantiles of the durations of late, from counts in buckets that grow in proportion (as DDSketch has them).
 * It holds between one and two windows: when one is full it becomes the older one, and the older is forgotten.
 *
 * Memory is fixed at about 1.3 KB, and {@link record} allocates nothing. Time is passed in, as
 * `Clock.now()` has it.
 */
export class LatencySketch {
  /** How long durations are remembered, in milliseconds: between one and two of these. */
  windowMs: number;
  #current = new Uint32Array(BUCKETS);
  #older = new Uint32Array(BUCKETS);
  #currentCount = 0;
  #olderCount = 0;
  #currentSince: number;

  constructor(windowMs: number, now: number) {
    this.windowMs = windowMs;
    this.#currentSince = now;
  }

  /** Durations that are remembered at `now`. */
  count(now: number): number {
    this.#rotate(now);
    return this.#currentCount + this.#olderCount;
  }

  record(durationMs: number, now: number): void {
    this.#rotate(now);
    const bucket = durationMs <= 1 ? 0 : Math.ceil(Math.log(durationMs) * BUCKETS_PER_E);
    this.#current[Math.min(bucket, BUCKETS - 1)]! += 1;
    this.#currentCount++;
  }

  /**
   * The duration in milliseconds that a share `q` of those remembered did not exceed; `undefined` without any.
   *
   * @param q from 0 (about the shortest) to 1 (about the longest)
   */
  quantile(q: number, now: number): number | undefined {
    const count = this.count(now);
    if (count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(q * count));
    let seen = 0;
    let bucket = 0;
    for (; bucket < BUCKETS - 1; bucket++) {
      seen += this.#current[bucket]! + this.#older[bucket]!;
      if (seen >= rank) break;
    }
    // The point of the bucket that is equally far, in proportion, from both of its ends.
    return (2 * GROWTH ** bucket) / (GROWTH + 1);
  }

  #rotate(now: number): void {
    const elapsed = now - this.#currentSince;
    if (elapsed < this.windowMs) return;
    const outdated = this.#older;
    outdated.fill(0);
    if (elapsed < 2 * this.windowMs) {
      this.#older = this.#current;
      this.#olderCount = this.#currentCount;
      this.#current = outdated;
    } else {
      this.#current.fill(0);
      this.#olderCount = 0;
    }
    this.#currentCount = 0;
    this.#currentSince += elapsed - (elapsed % this.windowMs);
  }
}
