import type { Schedule } from "./schedule.ts";
import { ROUNDS } from "./slices.ts";

/** Bins of the measured time: 24 in each quarter, 8 in each slice of a comparison. */
const BINS = 96;

/** With fewer bins to look at, one stall would be half of them. */
const MIN_BINS = 4;

/** Bins of a comparison's two rounds, A B B A, after which the same configurations take the same turns again. */
const CYCLE = BINS / (ROUNDS / 2);

/**
 * How many calls are in flight at a moment is a matter of chance; its variance is at most its mean where arrivals
 * are even. Twice the deviation of a difference, for a median of them, which deviates by far less.
 */
const CHANCE = 2;

/**
 * Of what the calls of one configuration grow by, what those of the other grow by where they share a queue: a third
 * or more, as the queue holds whose turn it was. With less than this, it has a queue of its own, or none.
 */
const MIN_PART = 0.2;

interface Bin {
  samples: number;
  /** By configuration. */
  readonly sums: number[];
}

/** Calls in flight by configuration, at two moments at which it was the same turn. */
interface Pair {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/**
 * Whether calls in flight become more and more over the measured time, which is what a saturated endpoint does
 * under an even load. Configurations that take turns share what it takes: what piles up falls alike on those whose
 * own calls become more, and not on one that keeps up while the other hangs.
 */
export class InFlightTrend {
  readonly #fromMs: number;
  readonly #binMs: number;
  readonly #arms: number;
  readonly #bins: readonly Bin[];

  /** @param arms - configurations: 1, or 2 that are compared */
  constructor({ measuredFromMs, shape }: Schedule, arms: number) {
    this.#fromMs = measuredFromMs;
    this.#binMs = shape.durationMs / BINS;
    this.#arms = arms;
    this.#bins = Array.from({ length: BINS }, () => ({ samples: 0, sums: Array(arms).fill(0) }));
  }

  /** Takes note of how many were in flight, by configuration, at `ms` milliseconds from the start of the run. */
  sample(ms: number, inFlight: readonly number[]): void {
    const bin = this.#bins[Math.floor((ms - this.#fromMs) / this.#binMs)];
    if (bin === undefined) return;
    bin.samples++;
    for (const [arm, calls] of inFlight.entries()) bin.sums[arm]! += calls;
  }

  /**
   * By how many calls they became more in each second that a configuration had its turn, of each, in a run that
   * ended `ranMs` milliseconds from its start; 0 where that may have been chance, or the run was too short.
   */
  growthPerSecond(ranMs: number): number[] {
    const bins = Math.round((ranMs - this.#fromMs) / this.#binMs);
    const lag = this.#arms === 1 ? Math.floor(bins / 4) : CYCLE;
    const pairs = this.#pairs(bins, lag);
    const own = Array.from({ length: this.#arms }, (_, arm) => meanGrowth(pairs, arm));
    // In less than a whole cycle, what is in flight may be the other's by chance.
    const least = pairs.length < lag ? -Infinity : Math.max(...own) * MIN_PART;
    const isPart = own.map((growth) => growth > least);
    const parts = isPart.filter(Boolean).length;
    const seconds = (lag * this.#binMs) / 1_000 / this.#arms;
    return isPart.map((part) => (part ? growthOfAll(pairs) / parts / seconds : 0));
  }

  /** Of the end of the run: by then it is filled with calls as far as it will be. */
  #pairs(bins: number, lag: number): Pair[] {
    const from = Math.max(bins - lag, Math.ceil(lag * 1.5));
    if (bins - from < MIN_BINS) return [];
    return Array.from({ length: bins - from }, (_, index) => {
      const [before, after] = [this.#bins[from + index - lag]!, this.#bins[from + index]!];
      return before.samples === 0 || after.samples === 0
        ? []
        : { before: meansOf(before), after: meansOf(after) };
    }).flat();
  }
}

function meansOf({ samples, sums }: Bin): number[] {
  return sums.map((sum) => sum / samples);
}

function meanGrowth(pairs: readonly Pair[], arm: number): number {
  return sumOf(pairs.map(({ before, after }) => after[arm]! - before[arm]!)) / Math.max(pairs.length, 1);
}

/** How many more there are of all configurations: the median, which a stall does not move. */
function growthOfAll(pairs: readonly Pair[]): number {
  const sums = pairs.map(({ before, after }) => [sumOf(before), sumOf(after)] as const);
  const median = sums.sort(([a, b], [c, d]) => b - a - (d - c))[Math.floor(sums.length / 2)];
  if (median === undefined) return 0;
  const [before, after] = median;
  const growth = after - before;
  return growth <= CHANCE * Math.sqrt(before + after) ? 0 : growth;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
