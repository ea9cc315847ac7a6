import type { AttemptKind } from "../attempt.ts";
import type { Outcome } from "../outcome.ts";
import type { Buckets } from "./buckets.ts";
import { ATTEMPT_KIND, OUTCOME } from "./closed-label.ts";
import { Counts } from "./counts.ts";
import { StatusHistograms } from "./histogram.ts";
import type { Labels } from "./sample.ts";

/** How long calls and attempts took. */
export class Durations {
  readonly requests: StatusHistograms;
  readonly attempts: StatusHistograms;

  constructor(buckets: Buckets, labels: Labels) {
    this.requests = new StatusHistograms(buckets, labels);
    this.attempts = new StatusHistograms(buckets, labels);
  }
}

/**
 * Outcomes that have a series of 0 from the first sight of a variant on: the ones that alerts are made of.
 * A series that began with its first failure would show Prometheus no increase.
 */
const ZERO_SERIES: ReadonlySet<Outcome> = new Set<Outcome>(["ok", "timeout", "throttled", "server_error"]);

/** What is counted for one variant of one endpoint. */
export class VariantCells {
  readonly label: string;
  readonly requests = new Counts(OUTCOME);
  readonly attempts: Readonly<Record<AttemptKind, Counts<Outcome>>> = {
    first: new Counts(OUTCOME),
    retry: new Counts(OUTCOME),
    hedge: new Counts(OUTCOME),
    fallback: new Counts(OUTCOME),
  };
  /** By the outcome that was tried again. */
  readonly retries = new Counts(OUTCOME);
  /** How often it was taken out of a split, and how often it was not because of those that were out. */
  ejections = 0;
  ejectionsSuppressed = 0;
  /** Shared by all variants of an endpoint where histograms are not kept per variant. */
  readonly durations: Durations;
  readonly #hasZeroSeries: boolean;

  constructor(label: string, durations: Durations, hasZeroSeries: boolean) {
    this.label = label;
    this.durations = durations;
    this.#hasZeroSeries = hasZeroSeries;
  }

  /** Whether calls with that outcome are a series yet. */
  isRequestSeries(outcome: Outcome): boolean {
    return this.requests.get(outcome) > 0 || this.#isZeroSeries(outcome);
  }

  /** Whether attempts of that kind with that outcome are a series yet. */
  isAttemptSeries(kind: AttemptKind, outcome: Outcome): boolean {
    return this.attempts[kind].get(outcome) > 0 || (kind === "first" && this.#isZeroSeries(outcome));
  }

  clearAttempts(): void {
    for (const kind of ATTEMPT_KIND.values) this.attempts[kind].clear();
  }

  #isZeroSeries(outcome: Outcome): boolean {
    return this.#hasZeroSeries && ZERO_SERIES.has(outcome);
  }
}
