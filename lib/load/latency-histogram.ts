import { createHistogram } from "node:perf_hooks";

const US_PER_MS = 1_000;

/** 19 hours in microseconds: longer than a call may take. A higher bound would only cost memory. */
const HIGHEST_US = 2 ** 36;

/** Durations in milliseconds, kept in microseconds with three significant digits. */
export class LatencyHistogram {
  readonly #us = createHistogram({ highest: HIGHEST_US, figures: 3 });

  record(ms: number): void {
    this.#us.record(Math.min(Math.max(Math.round(ms * US_PER_MS), 1), HIGHEST_US));
  }

  add(other: LatencyHistogram): void {
    this.#us.add(other.#us);
  }

  get count(): number {
    return this.#us.count;
  }

  /** 0 without a value, as {@link meanMs} and {@link quantileMs}. */
  get maxMs(): number {
    return this.count === 0 ? 0 : this.#us.max / US_PER_MS;
  }

  get meanMs(): number {
    return this.count === 0 ? 0 : this.#us.mean / US_PER_MS;
  }

  /** The value that a share `quantile` (0 to 1) of all values does not exceed. */
  quantileMs(quantile: number): number {
    if (this.count === 0) return 0;
    // The smallest percentile that Node takes is above 0.
    return this.#us.percentile(Math.max(quantile * 100, 1e-6)) / US_PER_MS;
  }
}
