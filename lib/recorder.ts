import type { Attempt } from "./attempt.ts";
import type { Call } from "./call.ts";
import type { Outcome } from "./outcome.ts";
import type { Breaker } from "./resilience/breaker/breaker.ts";
import type { FleetView } from "./resilience/breaker/fleet-view.ts";
import type { FallbackCause, FallbackKind } from "./resilience/fallback/metadata.ts";
import type { ConcurrencyLimiter } from "./resilience/limiter/concurrency-limiter.ts";
import type { EndpointSplit } from "./resilience/split/endpoint-split.ts";

/** Why a failed attempt was not tried again. */
export type SuppressionReason = "budget" | "deadline" | "attempts" | "not_retryable" | "breaker";

/** Why an attempt went without a permit. `timeout`: its turn did not come within `queueTimeoutMs`. */
export type QueueRejection = "full" | "shed" | "timeout";

/**
 * What became of a hedge. `lost`: it was cancelled, because another attempt was faster or the call ended ·
 * `failed`: it ended in an error of its own.
 */
export type HedgeResult = "won" | "lost" | "failed";

/**
 * Why an attempt that was slow got no hedge beside it. `load`: `maxExtraLoad` is used up · `budget`: the
 * budget that hedges share with retries is · `overload`: a breaker or limiter says that the target has too
 * much to do · `deadline`: no answer could come before it.
 */
export type HedgeSuppression = "load" | "budget" | "overload" | "deadline";

/** What became of an alternative that was asked. */
export type FallbackResult = "ok" | "error";

/**
 * Where the pipeline counts what it does. Called directly and synchronously on the path of each call: an
 * implementation records numbers and must neither throw nor wait.
 */
export interface Recorder {
  callStarted(call: Call): void;
  /**
   * @param outcome of the call as the caller saw it
   * @param decidedBy the attempt that decided it, if one was made
   * @param answeredAt `Clock.now` when the caller had the answer; of a stream, its head. Left out: now
   */
  callEnded(call: Call, outcome: Outcome, decidedBy: Attempt | undefined, answeredAt?: number): void;
  attemptStarted(attempt: Attempt): void;
  /** `attempt.outcome` says how. */
  attemptEnded(attempt: Attempt): void;
  retried(call: Call, failed: Attempt, delayMs: number): void;
  retrySuppressed(call: Call, reason: SuppressionReason): void;
  /** The endpoint of the call may be hedged from now on. */
  hedgingBegan(call: Call): void;
  hedged(call: Call, result: HedgeResult): void;
  hedgeSuppressed(call: Call, reason: HedgeSuppression): void;
  /** Alternatives of these kinds may answer calls to the endpoint of this one from now on. */
  fallbackBegan(call: Call, kinds: readonly FallbackKind[]): void;
  fellBack(call: Call, kind: FallbackKind, cause: FallbackCause, result: FallbackResult): void;
  /** Calls to an endpoint are split from now on; the shares of its variants are read from it. */
  splitBegan(split: EndpointSplit): void;
  splitEnded(split: EndpointSplit): void;
  /** A variant failed more than the others; `mayGo` is false where too much of the weight is out to take it out, too. */
  ejected(call: Call, variant: string, mayGo: boolean): void;
  /** A breaker came into being; its state and transitions are read from it from now on. */
  breakerCreated(breaker: Breaker): void;
  breakerRemoved(breaker: Breaker): void;
  /** Breakers share what they see through a store from now on; whether it answers is read from the view. */
  breakerStoreAdded(view: FleetView): void;
  breakerStoreRemoved(view: FleetView): void;
  /** A limiter came into being; its limit and its queue are read from it from now on. */
  limiterCreated(limiter: ConcurrencyLimiter): void;
  limiterRemoved(limiter: ConcurrencyLimiter): void;
  /** An attempt of the call has left the queue for a permit, with one or without. */
  queued(call: Call, waitMs: number): void;
  queueRejected(call: Call, reason: QueueRejection): void;
}
