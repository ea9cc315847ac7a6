import type { MetricSpec } from "./catalogue.ts";
import type { Family } from "./families/family.ts";
import type { Sample } from "./sample.ts";

/**
 * A registry of prom-client (15 and later) or of a package with the same registry, by shape: the one that
 * counts is the one that the application scrapes, whichever copy of the package it came from.
 */
export interface RegistryLike {
  registerMetric(metric: never): void;
  /** Asked before anything is registered, so that a registry takes all metrics or none. */
  getSingleMetric?(name: string): unknown;
  readonly contentType?: string;
}

/** What a registry asks a metric for. */
export interface Exposition {
  readonly name: string;
  readonly help: string;
  readonly type: MetricSpec["type"];
  readonly aggregator: MetricSpec["aggregator"];
  readonly values: Sample[];
}

const OPEN_METRICS = "application/openmetrics-text";

/**
 * A metric as a registry sees it: an object that answers what prom-client's own metrics answer, out of the
 * storage. Each registry has views of its own, over a storage that registries may share.
 */
export class MetricView {
  /** Writable, because the registry writes it: an OpenMetrics scrape takes `_total` off. */
  name: string;
  readonly help: string;
  readonly type: MetricSpec["type"];
  readonly aggregator: MetricSpec["aggregator"];
  readonly #family: Family;
  readonly #registry: RegistryLike;

  constructor(family: Family, registry: RegistryLike) {
    this.name = family.spec.name;
    this.help = family.spec.help;
    this.type = family.spec.type;
    this.aggregator = family.spec.aggregator;
    this.#family = family;
    this.#registry = registry;
  }

  /** For JSON, which is what the workers of a cluster send: each line with all of its labels. */
  get(): Exposition {
    return this.#expose(this.name, this.#samples().map(withAllLabels));
  }

  /** For text. */
  getForPromString(): Exposition {
    return this.#expose(this.#takeName(), this.#samples());
  }

  /** For `resetMetrics`. */
  reset(): void {
    this.#family.reset();
  }

  #samples(): Sample[] {
    const samples: Sample[] = [];
    this.#family.collect(samples);
    return samples;
  }

  /**
   * The name to expose under. An OpenMetrics scrape takes `_total` off right before it asks, puts it on each
   * line itself, and never puts it back on `name`: so that is done here, for the scrapes that follow.
   */
  #takeName(): string {
    const name = this.name;
    this.name = this.#family.spec.name;
    if (this.type !== "counter" || !this.#registry.contentType?.startsWith(OPEN_METRICS)) return name;
    return name.replace(/_total$/, "");
  }

  #expose(name: string, values: Sample[]): Exposition {
    return { name, help: this.help, type: this.type, aggregator: this.aggregator, values };
  }
}

function withAllLabels(sample: Sample): Sample {
  const { metricName, value, labels, sharedLabels } = sample;
  const all = { value, labels: { ...sharedLabels, ...labels } };
  return metricName === undefined ? all : { ...all, metricName };
}
