import type { Attempt } from "../attempt.ts";
import type { Call } from "../call.ts";
import type { Outcome } from "../outcome.ts";
import type {
  FallbackResult,
  HedgeResult,
  HedgeSuppression,
  QueueRejection,
  Recorder,
  SuppressionReason,
} from "../recorder.ts";
import type { Breaker } from "../resilience/breaker/breaker.ts";
import type { FleetView } from "../resilience/breaker/fleet-view.ts";
import type { FallbackCause, FallbackKind } from "../resilience/fallback/metadata.ts";
import type { ConcurrencyLimiter } from "../resilience/limiter/concurrency-limiter.ts";
import type { EndpointSplit } from "../resilience/split/endpoint-split.ts";
import { variantOf } from "./attribution.ts";
import type { EndpointCells } from "./endpoint-cells.ts";
import { type MetricsOptions, resolveMetrics } from "./options.ts";
import { storageOf } from "./shared-storage.ts";
import type { MetricsStorage } from "./storage.ts";

const MS_PER_SECOND = 1_000;

/**
 * The recorder of one client, whose counts are in its registries from now on.
 *
 * @throws {TypeError} for an unknown option, or a registry that is none
 * @throws {RangeError} for an option out of range, or other than that of an earlier client on the registry
 * @throws {Error} where a registry holds a metric of the same name
 */
export function recorderFor(options: MetricsOptions): PrometheusRecorder {
  const { registries, storage, declaredVariant } = resolveMetrics(options);
  return new PrometheusRecorder(storageOf(registries, storage), declaredVariant);
}

/**
 * Counts the calls of one client in the storage of its registry. Each event costs a look-up of the endpoint,
 * one of the variant where it has one, and a few additions; after first sight of a name none allocates, and
 * none renders a label.
 */
export class PrometheusRecorder implements Recorder {
  readonly #storage: MetricsStorage;
  readonly #declaredVariant: string | undefined;

  /** @param declaredVariant the only variant of the endpoints that the client calls, if it is known */
  constructor(storage: MetricsStorage, declaredVariant: string | undefined) {
    this.#storage = storage;
    this.#declaredVariant = declaredVariant;
  }

  callStarted(call: Call): void {
    this.#storage.admit(call).requestsInFlight += 1;
  }

  callEnded(call: Call, outcome: Outcome, decidedBy: Attempt | undefined, answeredAt?: number): void {
    const endpoint = this.#storage.endpointOf(call);
    const variant = variantOf(endpoint, ofEndpoint(call, decidedBy), this.#declaredVariant);
    variant.requests.add(outcome);
    // A cancelled call lasted as long as its caller's patience: that says nothing about the endpoint.
    if (outcome !== "cancelled") {
      const now = call.clock.now();
      variant.durations.requests.observe(outcome, (now - call.startedAt) / MS_PER_SECOND);
      // The deadline bounds a stream up to its head: to read it on uses up nothing.
      if (outcome === "ok") observeDeadline(endpoint, call, (answeredAt ?? now) - call.startedAt);
    }
    if (endpoint.requestsInFlight > 0) endpoint.requestsInFlight -= 1;
    this.#storage.forgetIfRemoved(endpoint);
  }

  attemptStarted(attempt: Attempt): void {
    this.#storage.endpointOf(attempt.call).attemptsInFlight += 1;
  }

  attemptEnded(attempt: Attempt): void {
    const endpoint = this.#storage.endpointOf(attempt.call);
    const variant = variantOf(endpoint, attempt, this.#declaredVariant);
    const outcome = attempt.outcome ?? "other";
    variant.attempts[attempt.kind].add(outcome);
    // Cancelled ones are cut short, and most of them are hedges that lost.
    if (outcome !== "cancelled") {
      variant.durations.attempts.observe(outcome, (attempt.endedAt - attempt.admittedAt) / MS_PER_SECOND);
    }
    if (endpoint.attemptsInFlight > 0) endpoint.attemptsInFlight -= 1;
    this.#storage.forgetIfRemoved(endpoint);
  }

  retried(call: Call, failed: Attempt, delayMs: number): void {
    const endpoint = this.#storage.endpointOf(call);
    variantOf(endpoint, failed, this.#declaredVariant).retries.add(failed.outcome ?? "other");
    endpoint.backoffSeconds += delayMs / MS_PER_SECOND;
  }

  retrySuppressed(call: Call, reason: SuppressionReason): void {
    this.#storage.endpointOf(call).suppressed.add(reason);
  }

  hedgingBegan(call: Call): void {
    this.#hedgedEndpointOf(call);
  }

  hedged(call: Call, result: HedgeResult): void {
    this.#hedgedEndpointOf(call).hedges.add(result);
  }

  hedgeSuppressed(call: Call, reason: HedgeSuppression): void {
    this.#hedgedEndpointOf(call).hedgesSuppressed.add(reason);
  }

  fallbackBegan(call: Call, kinds: readonly FallbackKind[]): void {
    for (const kind of kinds) this.#storage.endpointOf(call).fallbacks.of(kind);
  }

  fellBack(call: Call, kind: FallbackKind, cause: FallbackCause, result: FallbackResult): void {
    this.#storage.endpointOf(call).fallbacks.of(kind)[result].add(cause);
  }

  splitBegan(split: EndpointSplit): void {
    this.#storage.addSplit(split);
  }

  splitEnded(split: EndpointSplit): void {
    this.#storage.removeSplit(split);
  }

  ejected(call: Call, variant: string, mayGo: boolean): void {
    const cells = this.#storage.endpointOf(call).variant(variant);
    if (mayGo) cells.ejections += 1;
    else cells.ejectionsSuppressed += 1;
  }

  breakerCreated(breaker: Breaker): void {
    this.#storage.addBreaker(breaker);
  }

  breakerRemoved(breaker: Breaker): void {
    this.#storage.removeBreaker(breaker);
  }

  breakerStoreAdded(view: FleetView): void {
    this.#storage.breakerStores.add(view);
  }

  breakerStoreRemoved(view: FleetView): void {
    this.#storage.breakerStores.remove(view);
  }

  limiterCreated(limiter: ConcurrencyLimiter): void {
    this.#storage.addLimiter(limiter);
  }

  limiterRemoved(limiter: ConcurrencyLimiter): void {
    this.#storage.removeLimiter(limiter);
  }

  queued(call: Call, waitMs: number): void {
    this.#storage.endpointOf(call).queue.wait.observe(waitMs / MS_PER_SECOND);
  }

  queueRejected(call: Call, reason: QueueRejection): void {
    this.#storage.endpointOf(call).queue.rejections[call.settings.priority].add(reason);
  }

  /** See {@link MetricsStorage.removeEndpoint}. */
  removeEndpoint(name: string): boolean {
    return this.#storage.removeEndpoint(name);
  }

  #hedgedEndpointOf(call: Call): EndpointCells {
    const endpoint = this.#storage.endpointOf(call);
    endpoint.isHedged = true;
    return endpoint;
  }
}

/** An attempt at another endpoint says nothing about the variants of this one. */
function ofEndpoint({ target }: Call, decidedBy: Attempt | undefined): Attempt | undefined {
  return decidedBy?.target.endpoint === target.endpoint ? decidedBy : undefined;
}

function observeDeadline(endpoint: EndpointCells, call: Call, elapsedMs: number): void {
  const allowedMs = call.deadlineAt - call.startedAt;
  if (allowedMs > 0 && Number.isFinite(allowedMs)) endpoint.deadlineUsed.observe(elapsedMs / allowedMs);
}
