import type { Clock } from "../clock.ts";
import type { Operation } from "../operations/operation.ts";
import type { FaultScript } from "./faults/script.ts";

/** The operations of the service that the endpoint serves. */
export type OperationName = Operation["name"];

/** The one pair of credentials that signatures are checked against. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** If set, requests must carry it; if not, they must carry none. */
  readonly sessionToken?: string;
}

/** What a container is asked: `POST /invocations` of SageMaker's contract, as a handler function sees it. */
export interface ContainerRequest {
  readonly operation: OperationName;
  readonly endpointName: string;
  readonly variantName: string;
  /** The headers that the service forwards, names in lower case: never the client's own others. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Aborted when nobody waits for the answer any more: time limit, client gone, endpoint closed. */
  readonly signal: AbortSignal;
}

/** What a container answers. */
export interface ContainerResponse {
  /** @default 200 - below 200 or from 300 on, the caller gets a `ModelError` */
  readonly status?: number;
  /** Forwarded: the content type, custom attributes, and the headers that open and close sessions. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Each chunk of an iterable becomes one `PayloadPart` of a response stream. @default empty */
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array | string>;
}

/**
 * A container in the test's own process. What it throws is answered as a container's status 500 with the
 * error's message; what it throws out of a body's iterable breaks the answer off.
 */
export type ContainerHandler = (request: ContainerRequest) => ContainerResponse | Promise<ContainerResponse>;

/** A production variant. */
export interface VariantSpec {
  /** As the service allows: up to 63 letters, digits and inner hyphens. */
  readonly name: string;
  /**
   * Its share of untargeted traffic is this over the sum of all weights; 0 is served to `TargetVariant` only. At most
   * 9,007,199,254,740,991.
   */
  readonly weight: number;
  /**
   * The base URL of a container that serves `/ping` and `/invocations`, or a function. Until `/ping` has
   * answered 200, calls get `ModelNotReadyException`; if it is lost later and comes back unwell,
   * `ServiceUnavailable`; if nothing listens there, `ModelError` with `OriginalStatusCode` 0.
   * @default a container that answers with what it was sent
   */
  readonly container?: string | ContainerHandler;
}

/** Options of {@link startLocalEndpoint}. */
export interface LocalEndpointOptions {
  /** @default "127.0.0.1" - reachable from this machine only */
  readonly host?: string;
  /** @default 0 - any free port */
  readonly port?: number;
  /** @default `local` / `local` */
  readonly credentials?: LocalCredentials;
  /** The variants of every endpoint name. @default one, `AllTraffic`, that echoes */
  readonly variants?: readonly VariantSpec[];
  /** If given, only these endpoint names exist, each with its own variants. Not together with `variants`. */
  readonly endpoints?: Readonly<Record<string, readonly VariantSpec[]>>;
  /** @default none */
  readonly faults?: FaultScript;
  /** Feeds every random choice, so that a run can be repeated: a whole number up to 4,294,967,295. @default 1 */
  readonly seed?: number;
  /**
   * How long a container may take, in milliseconds: for its whole answer, or, of a response stream, for its
   * headers; the whole stream may take 8 times that.
   * @default 60_000 - the service's own limit, which gives streams 8 minutes
   */
  readonly containerTimeoutMs?: number;
  /** The largest request, and the largest answer of a container, in bytes. @default 26_214_400 - 25 MB, as documented */
  readonly maxBodyBytes?: number;
  /**
   * Where the objects of asynchronous calls are kept, as `directory/bucket/key`. It is made where there is none.
   * @default in memory, up to 256 MB, the oldest dropped first
   */
  readonly storeDirectory?: string;
  /** @default real time */
  readonly clock?: Clock;
}

/**
 * How many ended how: `ok`, an error code, `http.502` and so on for an injected status without one, `fault.reset`,
 * `fault.stall`, `fault.truncate` or `client.closed`.
 */
export type OutcomeCounts = Readonly<Record<string, number>>;

/** Counts of one variant. */
export interface VariantStats {
  readonly requests: number;
  readonly outcomes: OutcomeCounts;
}

/** What the endpoint has seen since its start. It counts; it keeps no payload, attribute or credential. */
export interface LocalStats {
  readonly uptimeMs: number;
  /** Requests for the three operations, refused ones included. */
  readonly requests: number;
  /** Per operation; the store's are `GetObject`, `HeadObject` and `PutObject`. */
  readonly operations: Readonly<Record<string, VariantStats>>;
  /** Per variant name, over all endpoints. */
  readonly variants: Readonly<Record<string, VariantStats>>;
  /** Per endpoint and variant; names beyond the first 1,000 are counted together under `(other)`. */
  readonly endpoints: Readonly<Record<string, Readonly<Record<string, VariantStats>>>>;
  readonly connections: { readonly opened: number; readonly open: number };
  readonly asyncInvocations: AsyncStats;
  /** How often each rule of the present fault script was applied, in the script's order. */
  readonly faults: readonly number[];
}

/** What became of queued invocations. */
export interface AsyncStats {
  readonly queued: number;
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
}

/** A running endpoint. */
export interface LocalEndpoint extends AsyncDisposable {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  stats(): LocalStats;
  /**
   * Replaces the fault script; its windows and counters start now.
   *
   * @throws {RangeError | TypeError} naming the rule, field and value that is not allowed
   */
  setFaults(script: FaultScript): void;
  /** Stops listening, ends every connection, container call and timer. Safe to call twice. */
  close(): Promise<void>;
}
