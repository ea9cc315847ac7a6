import type { OperationName } from "../types.ts";

/**
 * What goes wrong, when and for whom. Rules are asked in order for each request that has passed
 * authentication and validation. The first rule that ends a request (`status`, `notReady`, `reset` and
 * `stall` without `afterBytes`) is the last one asked; the others add up, and of several that cut
 * the answer the first counts.
 */
export interface FaultScript {
  readonly rules: readonly FaultRule[];
}

export interface FaultRule {
  /** @default every request */
  readonly match?: FaultMatch;
  readonly fault: Fault;
}

/** Which requests a rule is for: those for which every given field holds. */
export interface FaultMatch {
  /** The endpoint's name. */
  readonly endpoint?: string;
  /** The variant that was chosen. */
  readonly variant?: string;
  readonly operation?: OperationName;
  readonly targetModel?: string;
  /** Only from this many milliseconds after the script took effect. @default 0 */
  readonly afterMs?: number;
  /** Only for this many milliseconds from `afterMs` on. @default for ever */
  readonly forMs?: number;
  /** Only each Nth of the requests that the fields above leave. @default 1 */
  readonly every?: number;
  /** The share that is hit of those which the fields above leave, 0 to 1. @default 1 */
  readonly rate?: number;
  /** At most this many hits. @default no limit */
  readonly times?: number;
}

export type Fault =
  | StatusFault
  | NotReadyFault
  | LatencyFault
  | ResetFault
  | StallFault
  | TruncateFault
  | SlowBytesFault
  | CloseKeepAliveFault;

/** Answers with an error of the service, or with anything else that a proxy might answer. */
export interface StatusFault {
  readonly type: "status";
  /** 200 to 599. */
  readonly status: number;
  /** The error code. @default the service's own code for the status, where it has one; none with `body` */
  readonly code?: string;
  /** @default a sentence that says that the fault script did it */
  readonly message?: string;
  /** Sent as `x-amz-retry-after` and, in whole seconds, as `Retry-After`. @default neither */
  readonly retryAfterMs?: number;
  /** The whole body in place of the JSON error, as it is. */
  readonly body?: string;
  /** @default "application/json" without `body`, "text/html" with it */
  readonly contentType?: string;
  /** For a `ModelError` (424): the status that the container is said to have answered. @default 500 */
  readonly originalStatusCode?: number;
  /** For a `ModelError` (424): what the container is said to have answered. @default "injected" */
  readonly originalMessage?: string;
}

/** Answers `ModelNotReadyException` (429). */
export interface NotReadyFault {
  readonly type: "notReady";
  /** @default the service's sentence */
  readonly message?: string;
}

/** Waits before the request goes on; each request draws its own delay. */
export type LatencyFault = { readonly type: "latency" } & LatencyDistribution;

/** Delays in milliseconds. A draw below 0 is 0. */
export type LatencyDistribution =
  | { readonly distribution: "fixed"; readonly ms: number }
  | { readonly distribution: "uniform"; readonly minMs: number; readonly maxMs: number }
  | { readonly distribution: "normal"; readonly meanMs: number; readonly standardDeviationMs: number }
  | { readonly distribution: "exponential"; readonly meanMs: number }
  | { readonly distribution: "percentiles"; readonly points: readonly LatencyPoint[] };

/**
 * One point of a measured distribution, such as `{ percentile: 99, ms: 800 }`. Between points a delay is
 * interpolated; below the first and above the last it is that point's.
 */
export interface LatencyPoint {
  /** 0 to 100, above the point before. */
  readonly percentile: number;
  /** Not below the point before. */
  readonly ms: number;
}

/** Resets the connection (TCP RST). */
export interface ResetFault {
  readonly type: "reset";
  /** After this many bytes of the answer's body. @default before anything is answered */
  readonly afterBytes?: number;
}

/** Keeps the connection open and says nothing more. */
export interface StallFault {
  readonly type: "stall";
  /** After this many bytes of the answer's body. @default before anything is answered */
  readonly afterBytes?: number;
}

/**
 * Ends the answer early: short of its `Content-Length`, or, of a response stream, with a proper end inside
 * a frame.
 */
export interface TruncateFault {
  readonly type: "truncate";
  /** @default half of the body, or of a stream's first frame */
  readonly afterBytes?: number;
}

/** Sends the answer's body slowly. */
export interface SlowBytesFault {
  readonly type: "slowBytes";
  readonly bytesPerSecond: number;
}

/**
 * Closes the connection behind an answer that promised to keep it, so that the next request on it meets
 * a stale connection.
 */
export interface CloseKeepAliveFault {
  readonly type: "closeKeepAlive";
  /**
   * `nextRequest`: when the next request arrives on it, which is the race that clients lose.
   * `idle`: right after the answer, which most clients notice in time.
   * @default "nextRequest"
   */
  readonly when?: "nextRequest" | "idle";
}
