import type { OpenCause } from "../../errors/local-errors.ts";

/**
 * The probes of a half-open breaker: so many attempts, and no more until it is known how they went.
 *
 * One goes first and the others when it has succeeded: a target that is still down costs one attempt of each
 * process at a time. The first failure ends the round. Where they are silent for long, another one may ask: what was
 * lost on its way is given up long after the target is well again.
 *
 * An early round is that of a breaker which was closed and has heard that another process's has opened. It has
 * no reason of its own, so its probes go at once, one success is enough, and only if all of them fail is the
 * target down. A process that opened by mistake then does not open the others.
 */
export class ProbeRound {
  readonly cause: OpenCause;
  readonly startedAt: number;
  readonly #count: number;
  readonly #patienceMs: number;
  /** Those that have not given their place back, and how many of them are beyond the number because others were silent. */
  #admitted = 0;
  #extra = 0;
  #lastAdmittedAt: number;
  #succeeded = 0;
  #failed = 0;

  /**
   * @param cause what it is open for; `fleet`: the round is an early one
   * @param patienceMs silence of those admitted after which another one may go, in milliseconds
   */
  constructor(cause: OpenCause, count: number, startedAt: number, patienceMs: number) {
    this.cause = cause;
    this.#count = count;
    this.startedAt = startedAt;
    this.#patienceMs = patienceMs;
    this.#lastAdmittedAt = startedAt;
  }

  get isEarly(): boolean {
    return this.cause === "fleet";
  }

  /** Whether the target has answered a probe: it is not down altogether. */
  get isAnswered(): boolean {
    return this.#succeeded > 0;
  }

  /** Whether one more attempt may go, which then is a probe. */
  admit(now: number): boolean {
    const allowed = this.isEarly || this.#succeeded > 0 ? this.#count : 1;
    if (this.#admitted >= allowed + this.#extra) {
      if (now - this.#lastAdmittedAt < this.#patienceMs) return false;
      this.#extra++;
    }
    this.#admitted++;
    this.#lastAdmittedAt = now;
    return true;
  }

  /** A probe ended without a word about the target: another attempt may take its place. */
  giveBack(): void {
    this.#admitted--;
    this.#extra = Math.max(0, this.#extra - 1);
  }

  /** @returns whether all have succeeded */
  succeeded(): boolean {
    this.#succeeded++;
    return this.#succeeded >= this.#count;
  }

  /** @returns whether all have failed */
  failed(): boolean {
    this.#failed++;
    return this.#failed >= this.#count;
  }
}
