import { familiesOf } from "./families/families.ts";
import { MetricView, type RegistryLike } from "./registry-view.ts";
import { MetricsStorage, type StorageSettings } from "./storage.ts";

interface Registration {
  readonly storage: MetricsStorage;
  readonly views: readonly MetricView[];
}

/** What each registry shows. Clients that share a registry count together; a name can be in it only once. */
const registrations = new WeakMap<RegistryLike, Registration>();

/**
 * The storage behind all of `registries`, which show it from now on.
 *
 * @throws {RangeError} where one of them already shows a storage with other settings
 * @throws {Error} where two of them already show different storages, or hold a metric of the same name
 */
export function storageOf(registries: readonly RegistryLike[], settings: StorageSettings): MetricsStorage {
  const known = new Set<MetricsStorage>();
  for (const registry of registries) {
    const registration = registrations.get(registry);
    if (registration !== undefined) known.add(registration.storage);
  }
  if (known.size > 1)
    throw new Error("metrics.registry: these registries already count different clients apart");
  const [storage = new MetricsStorage(settings)] = known;
  checkSameSettings(storage.settings, settings);
  const shown = new Map(registries.map((registry) => [registry, registrationOf(registry, storage)]));
  // All are asked before the first takes any: a client that is refused leaves nothing behind.
  for (const [registry, registration] of shown) checkFree(registry, registration);
  for (const [registry, registration] of shown) show(registry, registration);
  return storage;
}

/**
 * Ends the series of an endpoint that is no longer called, such as the old one of a blue/green deployment:
 * series are never forgotten by themselves. What is in flight to it still ends, unseen; the next call to it
 * begins its series anew, from 0.
 *
 * @returns whether the endpoint had series in that registry
 */
export function removeEndpointMetrics(registry: RegistryLike, endpointName: string): boolean {
  return registrations.get(registry)?.storage.removeEndpoint(endpointName) ?? false;
}

function registrationOf(registry: RegistryLike, storage: MetricsStorage): Registration {
  return (
    registrations.get(registry) ?? {
      storage,
      views: familiesOf(storage).map((family) => new MetricView(family, registry)),
    }
  );
}

/** @throws {Error} where the registry holds another metric of one of the names */
function checkFree(registry: RegistryLike, { views }: Registration): void {
  for (const view of views) {
    const held = registry.getSingleMetric?.(view.name);
    if (held !== undefined && held !== view) throw refused(view);
  }
}

function show(registry: RegistryLike, registration: Registration): void {
  // Each time, because `registry.clear()` forgets them; registering the same object again does nothing.
  for (const view of registration.views) register(registry, view);
  registrations.set(registry, registration);
}

function register(registry: RegistryLike, view: MetricView): void {
  try {
    // The cast: registries declare that they take instances of their own classes, and take any such shape.
    registry.registerMetric(view as never);
  } catch (error) {
    throw refused(view, { cause: error });
  }
}

function refused({ name }: MetricView, options?: ErrorOptions): Error {
  const hint = "another copy of this package may be using the registry; give each its own";
  return new Error(`metrics.registry cannot take ${name}: ${hint}`, options);
}

/** One family has one set of buckets and limits, or sums over it would mean nothing. */
function checkSameSettings(existing: StorageSettings, wanted: StorageSettings): void {
  for (const option of ["buckets", "variantHistograms", "maxEndpoints", "maxVariants"] as const) {
    const [has, wants] = [String(existing[option]), String(wanted[option])];
    if (has === wants) continue;
    throw new RangeError(
      `metrics.${option} must be the same for all clients on one registry: it has ${has}, got ${wants}`,
    );
  }
}
