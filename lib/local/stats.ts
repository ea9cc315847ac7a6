import type { AsyncStats, LocalStats, VariantStats } from "./types.ts";

/** How many endpoint names are counted apart; where any name is served, a client could make up more. */
const MAX_ENDPOINTS = 1_000;
const OTHER_ENDPOINTS = "(other)";

/** Counts requests and how they ended. */
class Counter {
  requests = 0;
  readonly outcomes = new Map<string, number>();

  end(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }

  snapshot(): VariantStats {
    return { requests: this.requests, outcomes: Object.fromEntries(this.outcomes) };
  }
}

/** One request that is being served. Call `end` once. */
export interface Tally {
  /** Called when it is known who serves the request. */
  variant(endpointName: string, variantName: string): void;
  end(outcome: string): void;
}

/** Counts by operation, variant, endpoint and outcome. */
export class Stats {
  #operations = new Map<string, Counter>();
  #variants = new Map<string, Counter>();
  #endpoints = new Map<string, Map<string, Counter>>();
  #requests = 0;

  /** Counts a request for an operation of the service. */
  begin(operation: string): Tally {
    this.#requests++;
    return this.beginObject(operation);
  }

  /** Counts a request for the object store. */
  beginObject(operation: string): Tally {
    const counters = [count(this.#operations, operation)];
    return {
      variant: (endpointName, variantName) => {
        counters.push(count(this.#variants, variantName), count(this.#variantsOf(endpointName), variantName));
      },
      end: (outcome) => {
        for (const counter of counters) counter.end(outcome);
      },
    };
  }

  snapshot(): Pick<LocalStats, "requests" | "operations" | "variants" | "endpoints"> {
    return {
      requests: this.#requests,
      operations: snapshots(this.#operations),
      variants: snapshots(this.#variants),
      endpoints: Object.fromEntries(
        [...this.#endpoints].map(([name, variants]) => [name, snapshots(variants)]),
      ),
    };
  }

  #variantsOf(endpointName: string): Map<string, Counter> {
    const isNew = !this.#endpoints.has(endpointName);
    const name = isNew && this.#endpoints.size >= MAX_ENDPOINTS ? OTHER_ENDPOINTS : endpointName;
    return getOrAdd(this.#endpoints, name, () => new Map());
  }
}

/** Counts what becomes of queued invocations. */
export class AsyncCounts implements AsyncStats {
  queued = 0;
  running = 0;
  completed = 0;
  failed = 0;
}

function count(counters: Map<string, Counter>, name: string): Counter {
  const counter = getOrAdd(counters, name, () => new Counter());
  counter.requests++;
  return counter;
}

function getOrAdd<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function snapshots(counters: Map<string, Counter>): Record<string, VariantStats> {
  return Object.fromEntries([...counters].map(([name, counter]) => [name, counter.snapshot()]));
}
