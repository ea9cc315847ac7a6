import type { EndpointSplit } from "../resilience/split/endpoint-split.ts";
import type { Target } from "../target.ts";
import { BreakerCells } from "./breaker-cells.ts";
import type { Buckets } from "./buckets.ts";
import { HEDGE_RESULT, HEDGE_SUPPRESSION, SUPPRESSION_REASON } from "./closed-label.ts";
import { Counts } from "./counts.ts";
import { FallbackCells } from "./fallback-cells.ts";
import { Histogram } from "./histogram.ts";
import { LabelGuard } from "./label-guard.ts";
import { QueueCells } from "./queue-cells.ts";
import { ANY, NONE, UNKNOWN } from "./sentinels.ts";
import { Durations, VariantCells } from "./variant-cells.ts";

/** What the cells of all endpoints of one storage have in common. */
export interface CellSettings {
  /** Of durations, in seconds. */
  readonly buckets: Buckets;
  /** Of shares of a deadline. */
  readonly deadlineBuckets: Buckets;
  readonly variantHistograms: boolean;
  readonly maxVariants: number;
  /** Told each time that something is counted under the variant `_other`. */
  readonly onVariantOverflow: () => void;
}

/** What is counted for one endpoint. */
export class EndpointCells {
  readonly label: string;
  requestsInFlight = 0;
  attemptsInFlight = 0;
  backoffSeconds = 0;
  /** Removed while something was in flight: not shown, and forgotten when the last of it has ended. */
  isHidden = false;
  readonly suppressed = new Counts(SUPPRESSION_REASON);
  /** Whether calls are hedged: only then are there series of hedges. */
  isHedged = false;
  readonly hedges = new Counts(HEDGE_RESULT);
  readonly hedgesSuppressed = new Counts(HEDGE_SUPPRESSION);
  readonly fallbacks = new FallbackCells();
  /** The share of its time that a call had used up when it was answered. */
  readonly deadlineUsed: Histogram;
  readonly queue: QueueCells;
  readonly unknown: VariantCells;
  readonly none: VariantCells;
  readonly #settings: CellSettings;
  readonly #variants: LabelGuard<VariantCells>;
  readonly #breakers = new Map<string, BreakerCells>();
  /** One for each client that splits the calls to it. */
  readonly #splits = new Set<EndpointSplit>();
  /** Every one that there is: a single one where histograms are not kept per variant. */
  readonly #durations: Durations[] = [];

  constructor(label: string, settings: CellSettings) {
    this.label = label;
    this.#settings = settings;
    this.deadlineUsed = new Histogram(settings.deadlineBuckets, { endpoint: label });
    this.queue = new QueueCells(settings.buckets, { endpoint: label });
    this.unknown = this.#createVariant(UNKNOWN, true);
    this.none = this.#createVariant(NONE, false);
    this.#variants = new LabelGuard({
      limit: settings.maxVariants,
      create: (name) => this.#createVariant(name, true),
      onOverflow: settings.onVariantOverflow,
    });
  }

  get isIdle(): boolean {
    return this.requestsInFlight === 0 && this.attemptsInFlight === 0;
  }

  /** The cells of a variant, by the name that the service or the caller gave it. */
  variant(name: string): VariantCells {
    return this.#variants.get(name);
  }

  variants(): VariantCells[] {
    return [this.unknown, this.none, ...this.#variants.all()];
  }

  durations(): readonly Durations[] {
    return this.#durations;
  }

  /** Its variants have series from now on: a counter that begins at 1 shows no increase. */
  addSplit(split: EndpointSplit): void {
    this.#splits.add(split);
    for (const { name } of split.variants) this.variant(name);
  }

  removeSplit(split: EndpointSplit): void {
    this.#splits.delete(split);
  }

  get splits(): ReadonlySet<EndpointSplit> {
    return this.#splits;
  }

  /** The variants of its splits, each once, and the names that each is counted for: `_other` may be several. */
  splitVariants(): Map<VariantCells, Set<string>> {
    const namesOf = new Map<VariantCells, Set<string>>();
    for (const { variants } of this.#splits) {
      for (const { name } of variants) {
        const cells = this.#variants.cellsOf(name);
        const names = namesOf.get(cells) ?? new Set();
        namesOf.set(cells, names.add(name));
      }
    }
    return namesOf;
  }

  /** The cells of a target's breaker. A target that names no variant stands for all of them. */
  breakersOf(target: Target): BreakerCells {
    const label = target.variant === undefined ? ANY : this.variant(target.variant).label;
    let cells = this.#breakers.get(label);
    if (cells === undefined) {
      cells = new BreakerCells(label);
      this.#breakers.set(label, cells);
    }
    return cells;
  }

  breakers(): Iterable<BreakerCells> {
    return this.#breakers.values();
  }

  #createVariant(label: string, hasZeroSeries: boolean): VariantCells {
    return new VariantCells(label, this.#durationsOf(label), hasZeroSeries);
  }

  #durationsOf(variant: string): Durations {
    const { buckets, variantHistograms } = this.#settings;
    const first = this.#durations[0];
    if (!variantHistograms && first !== undefined) return first;
    const label = variantHistograms ? variant : ANY;
    const durations = new Durations(buckets, { endpoint: this.label, variant: label });
    this.#durations.push(durations);
    return durations;
  }
}
