import type { Clock } from "../clock.ts";
import type { AsyncQueue } from "./async/queue.ts";
import type { Verifier } from "./auth/verifier.ts";
import type { Connections } from "./connections.ts";
import type { FaultInjector } from "./faults/injector.ts";
import type { Stats } from "./stats.ts";
import type { ObjectStore } from "./store/object-store.ts";
import type { OperationName } from "./types.ts";
import type { Variant, VariantTable } from "./variants.ts";

/** What serving a request needs: one per endpoint. */
export interface LocalContext {
  readonly clock: Clock;
  readonly verifier: Verifier;
  readonly variants: VariantTable;
  readonly connections: Connections;
  readonly stats: Stats;
  readonly store: ObjectStore;
  readonly queue: AsyncQueue;
  readonly containerTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** Replaced when the script is. */
  faults: FaultInjector;
}

/** A request for an operation that has passed authentication, validation and routing. */
export interface Invocation {
  readonly operation: OperationName;
  readonly endpointName: string;
  readonly variant: Variant;
  /** As they came, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly region: string;
}
