import type { OpenCause } from "../../errors/local-errors.ts";

/**
 * The probes of a half-open breaker: so many attempts, and no more until it is known how they went.
 *
 * One goes first and the others when it has succeeded: a target that is still down costs one attempt of each
 * process at a time. The first failure ends the round.
 *
 * An early round is that of a breaker which was closed and has heard that another process's has opened. It has
 * no reason of its own, so its probes go at once, one success is enough, and only if all of them fail is the
 * target down. A process that opened by mistake then does not open the others.
 */
export class ProbeRound {
  readonly cause: OpenCause;
  readonly startedAt: number;
  readonly #count: number;
  #admitted = 0;
  #succeeded = 0;
  #failed = 0;

  /** @param cause what it is open for; `fleet`: the round is an early one */
  constructor(cause: OpenCause, count: number, startedAt: number) {
    this.cause = cause;
    this.#count = count;
    this.startedAt = startedAt;
  }

  get isEarly(): boolean {
    return this.cause === "fleet";
  }

  /** Whether one more attempt may go, which then is a probe. */
  admit(): boolean {
    const allowed = this.isEarly || this.#succeeded > 0 ? this.#count : 1;
    if (this.#admitted >= allowed) return false;
    this.#admitted++;
    return true;
  }

  /** A probe ended without a word about the target: another attempt may take its place. */
  giveBack(): void {
    this.#admitted--;
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
