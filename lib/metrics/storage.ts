import type { Call } from "../call.ts";
import type { Breaker } from "../resilience/breaker/breaker.ts";
import type { ConcurrencyLimiter } from "../resilience/limiter/concurrency-limiter.ts";
import type { EndpointSplit } from "../resilience/split/endpoint-split.ts";
import type { BreakerCells } from "./breaker-cells.ts";
import { BreakerStoreCells } from "./breaker-store-cells.ts";
import { Buckets, RATIO_BUCKETS } from "./buckets.ts";
import { GUARDED_LABEL } from "./closed-label.ts";
import { Counts } from "./counts.ts";
import { type CellSettings, EndpointCells } from "./endpoint-cells.ts";
import { LabelGuard } from "./label-guard.ts";
import type { Durations, VariantCells } from "./variant-cells.ts";

export interface StorageSettings {
  /** Upper bounds of the buckets of durations, in seconds. */
  readonly buckets: readonly number[];
  readonly variantHistograms: boolean;
  readonly maxEndpoints: number;
  readonly maxVariants: number;
}

/** Everything that is counted for the clients that share a registry. */
export class MetricsStorage {
  readonly settings: StorageSettings;
  /** How often `_other` stood for a name, per label. */
  readonly overflows = new Counts(GUARDED_LABEL);
  readonly breakerStores = new BreakerStoreCells();
  readonly #cellSettings: CellSettings;
  readonly #endpoints: LabelGuard<EndpointCells>;
  readonly #breakers = new Map<Breaker, BreakerCells>();
  readonly #limiters = new Map<ConcurrencyLimiter, EndpointCells>();
  readonly #splits = new Set<EndpointSplit>();
  /** Calls that are counted under `_other`. They stay there, even if their endpoint is let in meanwhile. */
  readonly #strays = new WeakSet<Call>();
  #hasStrays = false;

  constructor(settings: StorageSettings) {
    this.settings = settings;
    this.#cellSettings = {
      buckets: new Buckets(settings.buckets),
      deadlineBuckets: new Buckets(RATIO_BUCKETS),
      variantHistograms: settings.variantHistograms,
      maxVariants: settings.maxVariants,
      onVariantOverflow: () => this.overflows.add("variant"),
    };
    this.#endpoints = new LabelGuard({
      limit: settings.maxEndpoints,
      create: (name) => this.#createEndpoint(name),
      onOverflow: () => this.overflows.add("endpoint"),
    });
  }

  /** The cells that a call which starts now is counted in. */
  admit(call: Call): EndpointCells {
    const cells = this.endpointOf(call);
    cells.isHidden = false;
    return cells;
  }

  /**
   * The cells that a call is counted in, from the first that is heard of it to the last. Of a fork, which starts nothing
   * that is counted as a call, the first is an attempt.
   */
  endpointOf(call: Call): EndpointCells {
    if (this.#hasStrays && this.#strays.has(call)) return this.#endpoints.other;
    const { endpoint } = call.target;
    const cells = this.#endpoints.get(endpoint);
    if (cells.label !== endpoint) {
      this.#strays.add(call);
      this.#hasStrays = true;
    }
    return cells;
  }

  /** Endpoints that have series. */
  endpoints(): EndpointCells[] {
    return this.#endpoints.all().filter((cells) => !cells.isHidden);
  }

  *variants(): Generator<[EndpointCells, VariantCells]> {
    for (const endpoint of this.endpoints()) {
      for (const variant of endpoint.variants()) yield [endpoint, variant];
    }
  }

  *breakers(): Generator<[EndpointCells, BreakerCells]> {
    for (const endpoint of this.endpoints()) {
      for (const breakers of endpoint.breakers()) yield [endpoint, breakers];
    }
  }

  *durations(): Generator<Durations> {
    for (const endpoint of this.endpoints()) yield* endpoint.durations();
  }

  /**
   * Ends the series of an endpoint. What is in flight to it still ends, unseen; the next call to it begins
   * its series anew, from 0.
   *
   * @returns whether it had series
   */
  removeEndpoint(name: string): boolean {
    const cells = this.#endpoints.find(name);
    if (cells === undefined || cells.isHidden) return false;
    this.#endpoints.delete(name);
    if (cells.isIdle) return true;
    const successor = this.#endpoints.get(name);
    successor.requestsInFlight = cells.requestsInFlight;
    successor.attemptsInFlight = cells.attemptsInFlight;
    successor.isHidden = true;
    return true;
  }

  /** To be told when something that was in flight has ended. */
  forgetIfRemoved(cells: EndpointCells): void {
    if (cells.isHidden && cells.isIdle) this.#endpoints.delete(cells.label);
  }

  /** A breaker that is known already is not counted twice. */
  addBreaker(breaker: Breaker): void {
    this.#attach(breaker, this.#endpoints.get(breaker.target.endpoint));
  }

  removeBreaker(breaker: Breaker): void {
    this.#breakers.get(breaker)?.remove(breaker);
    this.#breakers.delete(breaker);
  }

  addLimiter(limiter: ConcurrencyLimiter): void {
    this.#attachLimiter(limiter, this.#endpoints.get(limiter.target.endpoint));
  }

  removeLimiter(limiter: ConcurrencyLimiter): void {
    this.#limiters.get(limiter)?.queue.remove(limiter);
    this.#limiters.delete(limiter);
  }

  addSplit(split: EndpointSplit): void {
    this.#splits.add(split);
    this.#endpoints.find(split.endpoint)?.addSplit(split);
  }

  removeSplit(split: EndpointSplit): void {
    this.#splits.delete(split);
    this.#endpoints.find(split.endpoint)?.removeSplit(split);
  }

  #createEndpoint(label: string): EndpointCells {
    const cells = new EndpointCells(label, this.#cellSettings);
    // After a removal, or once a name was let in: its breakers and limiters are alive, and announced only once.
    for (const breaker of this.#breakers.keys()) {
      if (breaker.target.endpoint === label) this.#attach(breaker, cells);
    }
    for (const limiter of this.#limiters.keys()) {
      if (limiter.target.endpoint === label) this.#attachLimiter(limiter, cells);
    }
    for (const split of this.#splits) if (split.endpoint === label) cells.addSplit(split);
    return cells;
  }

  #attach(breaker: Breaker, endpoint: EndpointCells): void {
    this.#breakers.get(breaker)?.remove(breaker);
    const cells = endpoint.breakersOf(breaker.target);
    cells.add(breaker);
    this.#breakers.set(breaker, cells);
  }

  #attachLimiter(limiter: ConcurrencyLimiter, endpoint: EndpointCells): void {
    this.#limiters.get(limiter)?.queue.remove(limiter);
    endpoint.queue.add(limiter);
    this.#limiters.set(limiter, endpoint);
  }
}
