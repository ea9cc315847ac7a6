/** Failures in a row, without a success in between. It says when there were `length` of them in `windowMs`. */
export class FailureRun {
  readonly length: number;
  readonly #windowMs: number;
  /** When the last `length` of them happened, the oldest first. */
  readonly #times: number[] = [];

  constructor(length: number, windowMs: number) {
    this.length = length;
    this.#windowMs = windowMs;
  }

  /** Takes note of a failure; true where it completes a run. */
  failed(now: number): boolean {
    this.#times.push(now);
    if (this.#times.length > this.length) this.#times.shift();
    const oldest = this.#times[0] ?? now;
    return this.#times.length === this.length && now - oldest < this.#windowMs;
  }

  /** Goes on with the newest failures of another run. */
  takeOver(other: FailureRun): void {
    this.#times.push(...other.#times.slice(-this.length));
  }

  succeeded(): void {
    if (this.#times.length > 0) this.#times.length = 0;
  }
}
