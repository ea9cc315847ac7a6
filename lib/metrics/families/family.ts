import type { MetricSpec } from "../catalogue.ts";
import type { Sample } from "../sample.ts";

/** One metric of the catalogue over one storage. */
export interface Family {
  readonly spec: MetricSpec;
  /** Appends its lines as of now. */
  collect(samples: Sample[]): void;
  /** Forgets what has accumulated. What is a picture of the present stays: it is still true. */
  reset(): void;
}
