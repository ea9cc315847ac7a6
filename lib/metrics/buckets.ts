import { checkOneOf, invalidOption, show } from "../validate.ts";

/**
 * Upper bounds of duration buckets, in seconds. A quantile that is read from a histogram is off by up to the
 * ratio of two neighbouring bounds, so each set is densest where its users look.
 */
export const BUCKET_PRESETS = {
  /** Milliseconds of a small model up to the 60 s that a container may take and the 70 s of a socket timeout. */
  latency: [
    0.001, 0.0025, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 15, 30, 60, 70,
  ],
  /** Generation takes seconds: the bounds of OpenTelemetry's `gen_ai.client.operation.duration`. */
  llm: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  /** Half the series of `latency`, for many endpoints in one process. */
  coarse: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 5, 30, 70],
} as const satisfies Record<string, readonly number[]>;

export type BucketPreset = keyof typeof BUCKET_PRESETS;

/** Bounds for a share of something: tenths, and one more where it gets tight. */
export const RATIO_BUCKETS: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

/** Each bound is a series per endpoint, variant and status; more than this is a mistake. */
const MAX_BOUNDS = 40;

/**
 * The bounds that an option stands for.
 *
 * @throws {RangeError} for an unknown preset, no or more than 40 bounds, or bounds that are not finite,
 * above 0 and ascending
 */
export function resolveBuckets(option: string, buckets: BucketPreset | readonly number[]): readonly number[] {
  if (typeof buckets === "string") {
    return BUCKET_PRESETS[checkOneOf(option, buckets, Object.keys(BUCKET_PRESETS) as BucketPreset[])];
  }
  if (!Array.isArray(buckets) || buckets.length === 0 || buckets.length > MAX_BOUNDS) {
    throw invalidOption(
      option,
      `the name of a preset or an array of 1 to ${MAX_BOUNDS} bounds in seconds`,
      buckets,
    );
  }
  let previous = 0;
  for (const [index, bound] of buckets.entries()) {
    if (!(Number.isFinite(bound) && bound > previous)) {
      throw invalidOption(`${option}[${index}]`, `a finite number of seconds above ${show(previous)}`, bound);
    }
    previous = bound;
  }
  return [...buckets];
}

/**
 * The bounds of a family of histograms, in the two forms that recording and scraping need. All histograms
 * of one family share one: sums over `le` mean something only then.
 */
export class Buckets {
  readonly bounds: Float64Array;
  /** The `le` label of each bucket; the last is `+Inf`. */
  readonly labels: readonly Readonly<{ le: string }>[];

  constructor(bounds: readonly number[]) {
    this.bounds = Float64Array.from(bounds);
    this.labels = [...bounds, Number.POSITIVE_INFINITY].map((bound) =>
      Object.freeze({ le: boundLabel(bound) }),
    );
  }
}

/** A bound as Prometheus itself writes it: version 3 stores `le="1"` as `le="1.0"`, and a rule must match both. */
export function boundLabel(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return "+Inf";
  const text = String(bound);
  return /^\d+$/.test(text) ? `${text}.0` : text;
}
