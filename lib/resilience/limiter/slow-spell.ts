/** Shortest time in which a cut must have shown in the latency, in milliseconds, or load was not its reason. */
const PATIENCE_MS = 2_000;
/** Round trips of the slow target until a cut has shown: what it had queued before must be gone. */
const PATIENCE_ROUND_TRIPS = 2;
/** The share of its latency that a target must have kept, despite the cut, to count as slow by itself. */
const UNCHANGED = 0.8;

/**
 * A time in which a target has been slower than usual. Less than half of what was in flight at its beginning is not left:
 * that is enough to tell whether load is the reason, and whoever finds the latency changed by it begins the next spell.
 */
export class SlowSpell {
  /** The limit to return to where load was not the reason. */
  readonly before: number;
  /** What a cut leaves in flight at the least. */
  readonly floor: number;
  readonly #since: number;
  readonly #medianMs: number;
  #cutAt: number;
  #fastSinceCut = 0;

  /**
   * @param used what is in flight at its beginning
   * @param lowest where latency alone stops
   * @param before {@link before}
   */
  constructor(used: number, medianMs: number, lowest: number, now: number, before: number) {
    this.before = before;
    this.floor = Math.max(used / 2, lowest);
    this.#since = now;
    this.#medianMs = medianMs;
    this.#cutAt = now;
  }

  /** Takes note that it has brought the limit down further. */
  cut(now: number): void {
    this.#cutAt = now;
    this.#fastSinceCut = 0;
  }

  /**
   * Whether answers may be the fast ones alone: of what starts after a cut they come first, and say nothing of the rest. As
   * many as may be in flight are not those: whatever else started beside them would hold all permits by then.
   *
   * @param fast answers since it was asked before
   */
  isJustCut(fast: number, limit: number, now: number): boolean {
    this.#fastSinceCut += fast;
    return this.#fastSinceCut < limit && now - this.#cutAt < PATIENCE_ROUND_TRIPS * this.#medianMs;
  }

  /** Whether load was cut to half, for long enough to show in the latency. */
  isTested(used: number, medianMs: number, now: number): boolean {
    const patienceMs = Math.max(PATIENCE_MS, PATIENCE_ROUND_TRIPS * medianMs);
    return used <= this.floor && now - this.#since >= patienceMs;
  }

  /** Whether it has stayed as slow as it was: load was not the reason. */
  isUnchanged(medianMs: number): boolean {
    return medianMs >= UNCHANGED * this.#medianMs;
  }
}
