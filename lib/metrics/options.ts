import { checkBoolean, checkInteger, checkKeys, invalidOption, show } from "../validate.ts";
import { type BucketPreset, resolveBuckets } from "./buckets.ts";
import { isName } from "./label-guard.ts";
import type { RegistryLike } from "./registry-view.ts";
import type { StorageSettings } from "./storage.ts";

/**
 * Where and how a client shows its metrics. All clients on one registry count together, by the name of the endpoint:
 * where two regions or accounts have one of the same name, give each client a registry of its own, with
 * `registry.setDefaultLabels({ region })`, and let each be scraped at a path of its own.
 */
export interface MetricsOptions {
  /**
   * The registry that the application scrapes: prom-client's `register`, or a `Registry` of its own. Where
   * both text and OpenMetrics are scraped, give one registry of each kind: switching the content type of one
   * for each scrape corrupts the names of prom-client's own counters.
   */
  registry: RegistryLike | readonly RegistryLike[];
  /**
   * Upper bounds of the buckets of all durations, in seconds: a preset, or up to 40 ascending numbers. Put
   * one on each threshold of your objectives.
   * @default "latency" - 19 bounds from 1 ms to 70 s, the longest that the service lets an answer take
   */
  buckets?: BucketPreset | readonly number[] | undefined;
  /**
   * Whether durations are kept per variant. `false` keeps one histogram per endpoint under the variant
   * `_any`, which with three variants leaves half to two thirds of the series; counters stay per variant.
   * @default true
   */
  variantHistograms?: boolean | undefined;
  /**
   * The production variant of the endpoints that this client calls, where they have only one. Attempts that
   * got no answer are then counted for it.
   * @default none - they are counted under `_unknown`
   */
  declaredVariant?: string | undefined;
  /**
   * Endpoints with series of their own; calls to further ones are counted under `_other`.
   * @default 64 - 250 to 400 series each with three variants
   */
  maxEndpoints?: number | undefined;
  /**
   * Variants with series of their own, per endpoint; further ones are counted under `_other`.
   * @default 16 - above the service's quota of production variants
   */
  maxVariants?: number | undefined;
}

const OPTION_NAMES = [
  "registry",
  "buckets",
  "variantHistograms",
  "declaredVariant",
  "maxEndpoints",
  "maxVariants",
] as const satisfies readonly (keyof MetricsOptions)[];

/** {@link MetricsOptions}, checked and with every default filled in. */
export interface MetricsSettings {
  readonly registries: readonly RegistryLike[];
  readonly storage: StorageSettings;
  readonly declaredVariant: string | undefined;
}

/**
 * @throws {TypeError} for an unknown option, or a registry that is none
 * @throws {RangeError} for an option out of range
 */
export function resolveMetrics(options: MetricsOptions): MetricsSettings {
  if ("registerMetric" in options)
    throw new TypeError("metrics must be { registry }, got the registry itself");
  checkKeys("metrics", options, OPTION_NAMES);
  const { declaredVariant } = options;
  if (declaredVariant !== undefined && !isName(declaredVariant)) {
    throw invalidOption("metrics.declaredVariant", "the name of a production variant", declaredVariant);
  }
  return {
    registries: registriesOf(options.registry),
    storage: {
      buckets: resolveBuckets("metrics.buckets", options.buckets ?? "latency"),
      variantHistograms: checkBoolean("metrics.variantHistograms", options.variantHistograms ?? true),
      maxEndpoints: checkInteger("metrics.maxEndpoints", options.maxEndpoints ?? 64, 1),
      maxVariants: checkInteger("metrics.maxVariants", options.maxVariants ?? 16, 1),
    },
    declaredVariant,
  };
}

function registriesOf(registry: MetricsOptions["registry"]): readonly RegistryLike[] {
  const registries: readonly RegistryLike[] = Array.isArray(registry) ? registry : [registry];
  if (registries.length === 0)
    throw new TypeError("metrics.registry must hold at least one registry, got none");
  for (const one of registries) {
    if (typeof one?.registerMetric === "function") continue;
    throw new TypeError(`metrics.registry must be a prom-client Registry, got ${show(one)}`);
  }
  return registries;
}
