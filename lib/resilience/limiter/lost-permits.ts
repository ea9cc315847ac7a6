/** Silence after which whoever holds a permit is given up, in milliseconds; and in times of the slowest answer of late. */
const SILENCE_MS = 8_000;
const SLOWEST_ANSWERS = 2;

/** Part of the slowest answer that each faster one forgets. */
const FORGET = 0.01;

/**
 * Permits of attempts that are taken for lost: nothing has been heard of them for long, while others found no permit free.
 * They may hold them until their sockets are given up, long after the target is well again: where a cut has brought the
 * limit below their number, nothing else would start until then, and so nothing would show it. What is long, answers say:
 * without any, none is given up.
 */
export class LostPermits {
  count = 0;
  /** {@link Clock.now} before which they were taken. */
  #takenBefore = Number.NEGATIVE_INFINITY;
  /** {@link Clock.now} since when permits are lacking and nothing is heard. */
  #lackingSince: number | undefined;
  /** How long the slowest answer of late took, in milliseconds. */
  #slowestMs: number | undefined;

  /** Takes note of an attempt that was answered after so long, or has ended without. */
  heard(acquiredAt: number, answeredAfterMs: number | undefined): void {
    this.#lackingSince = undefined;
    if (this.count > 0 && acquiredAt < this.#takenBefore) this.count--;
    if (answeredAfterMs === undefined) return;
    const slowestMs = this.#slowestMs ?? 0;
    this.#slowestMs = Math.max(answeredAfterMs, slowestMs + FORGET * (answeredAfterMs - slowestMs));
  }

  /**
   * Takes note that somebody finds no permit free.
   *
   * @param unanswered attempts in flight, but for streams that have begun
   * @returns whether those are given up now
   */
  lacking(unanswered: number, now: number): boolean {
    this.#lackingSince ??= now;
    if (this.#slowestMs === undefined) return false;
    if (now - this.#lackingSince < Math.max(SILENCE_MS, SLOWEST_ANSWERS * this.#slowestMs)) return false;
    this.#lackingSince = now;
    this.#takenBefore = now;
    this.count = unanswered;
    return true;
  }
}
