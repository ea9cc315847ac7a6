import type { Outcome } from "../outcome.ts";
import type { Buckets } from "./buckets.ts";
import { STATUSES, type Status } from "./closed-label.ts";
import type { Labels, Sample } from "./sample.ts";

const NO_LABELS: Labels = Object.freeze({});

/** One histogram: how many values fell into each bucket, and their sum. Without a value it has no series. */
export class Histogram {
  readonly #buckets: Buckets;
  readonly #bounds: Float64Array;
  readonly #labels: Labels;
  /** One more than there are bounds: the last counts what is above them all. */
  #counts: Float64Array | undefined;
  #sum = 0;

  constructor(buckets: Buckets, labels: Labels) {
    this.#buckets = buckets;
    this.#bounds = buckets.bounds;
    this.#labels = Object.freeze(labels);
    this.#counts = undefined;
  }

  /** A value on a bound belongs to that bound's bucket. */
  observe(value: number): void {
    const bounds = this.#bounds;
    this.#counts ??= new Float64Array(bounds.length + 1);
    let index = 0;
    // Most values are low, and for so few bounds a walk is faster than a binary search.
    while (index < bounds.length && value > bounds[index]!) index++;
    this.#counts[index]! += 1;
    this.#sum += value;
  }

  /** Appends its lines: a cumulative count per bucket, the sum and the count. */
  addSamples(name: string, samples: Sample[]): void {
    const counts = this.#counts;
    if (counts === undefined) return;
    const sharedLabels = this.#labels;
    const metricName = `${name}_bucket`;
    let count = 0;
    for (const [index, labels] of this.#buckets.labels.entries()) {
      count += counts[index]!;
      samples.push({ metricName, labels, sharedLabels, value: count });
    }
    samples.push({ metricName: `${name}_sum`, labels: NO_LABELS, sharedLabels, value: this.#sum });
    samples.push({ metricName: `${name}_count`, labels: NO_LABELS, sharedLabels, value: count });
  }

  clear(): void {
    this.#counts = undefined;
    this.#sum = 0;
  }
}

/** A histogram for each status. */
export class StatusHistograms {
  readonly #byStatus: Readonly<Record<Status, Histogram>>;

  /** @param labels those of each of its series, but for `status` */
  constructor(buckets: Buckets, labels: Labels) {
    this.#byStatus = {
      ok: new Histogram(buckets, { ...labels, status: "ok" }),
      error: new Histogram(buckets, { ...labels, status: "error" }),
    };
  }

  observe(outcome: Outcome, value: number): void {
    const histogram = outcome === "ok" ? this.#byStatus.ok : this.#byStatus.error;
    histogram.observe(value);
  }

  addSamples(name: string, samples: Sample[]): void {
    for (const status of STATUSES) this.#byStatus[status].addSamples(name, samples);
  }

  clear(): void {
    for (const status of STATUSES) this.#byStatus[status].clear();
  }
}
