import type { Schedule } from "./schedule.ts";

/** Bins of the measured time: 16 in each quarter. */
const BINS = 64;

/** With fewer bins in a quarter, one stall would be half of it. */
const MIN_BINS = 8;

/**
 * How many calls are in flight at a moment is a matter of chance; its variance is at most its mean where arrivals
 * are even. Twice the deviation of a difference, for medians of a quarter, which deviate by far less.
 */
const CHANCE = 2;

interface Bin {
  sum: number;
  samples: number;
}

/**
 * Whether calls in flight become more and more over the measured time, which is what a saturated endpoint does
 * under an even load. Of all configurations together: those that take turns share what it takes.
 */
export class InFlightTrend {
  readonly #fromMs: number;
  readonly #binMs: number;
  readonly #bins: readonly Bin[] = Array.from({ length: BINS }, () => ({ sum: 0, samples: 0 }));

  constructor({ measuredFromMs, shape }: Schedule) {
    this.#fromMs = measuredFromMs;
    this.#binMs = shape.durationMs / BINS;
  }

  /** Takes note of how many were in flight at `ms` milliseconds from the start of the run. */
  sample(ms: number, inFlight: number): void {
    const bin = this.#bins[Math.floor((ms - this.#fromMs) / this.#binMs)];
    if (bin === undefined) return;
    bin.sum += inFlight;
    bin.samples++;
  }

  /**
   * By how many calls per second they became more, in a run that ended `ranMs` milliseconds from its start; 0 where
   * that may have been chance. From the medians of its last two quarters: a stall is in neither, and by then it is
   * filled with calls as far as it will be.
   */
  growthPerSecond(ranMs: number): number {
    const bins = Math.round((ranMs - this.#fromMs) / this.#binMs);
    if (bins < MIN_BINS) return 0;
    const [half, threeQuarters] = [Math.floor(bins / 2), Math.floor((bins * 3) / 4)];
    const before = medianOf(this.#bins.slice(half, threeQuarters));
    const after = medianOf(this.#bins.slice(threeQuarters, bins));
    if (before === undefined || after === undefined) return 0;
    const growth = after - before;
    if (growth <= CHANCE * Math.sqrt(before + after)) return 0;
    return (growth / (((bins - half) / 2) * this.#binMs)) * 1_000;
  }
}

function medianOf(bins: readonly Bin[]): number | undefined {
  const means = bins.filter(({ samples }) => samples > 0).map(({ sum, samples }) => sum / samples);
  return means.sort((a, b) => a - b)[Math.floor(means.length / 2)];
}
