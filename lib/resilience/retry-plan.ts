import type { Attempt } from "../attempt.ts";
import type { Call } from "../call.ts";
import type { RetryClass } from "../classify-table.ts";
import { CircuitOpenError } from "../errors/local-errors.ts";
import { SageMakerRuntimeServiceException } from "../errors/service-exception.ts";
import type { SuppressionReason } from "../recorder.ts";
import { isTargeted } from "../target.ts";
import { type AwsSdkQuota, awsSdkRetryKind } from "./aws-sdk-mode.ts";
import { BackoffSteps, defaultDelayMs, withHint } from "./backoff.ts";
import type { EndpointState } from "./endpoint-state.ts";
import { retryHintMs } from "./retry-hint.ts";
import type { RetrySettings } from "./retry-settings.ts";
import { warmUpDelayMs } from "./warm-up.ts";
import type { WarmUpGate } from "./warm-up-gate.ts";

/** The first wait after a not-ready answer to a call that any variant may answer: the next is likely warm. */
const UNTARGETED_WARM_UP_MS = 100;

/** What to do after a failed attempt. */
export type RetryStep =
  | { readonly kind: "stop"; readonly reason: SuppressionReason }
  /** Wait, then try again. */
  | { readonly kind: "wait"; readonly delayMs: number }
  /** Wait with the others of this target until the gate lets this call out. */
  | { readonly kind: "gate"; readonly maxWaitMs: number; readonly probeInMs: number };

/** Decides for one call, from its first failure on, whether and when to try again. It waits for nothing itself. */
export class RetryPlan {
  readonly #call: Call;
  readonly #settings: RetrySettings;
  readonly #endpoint: EndpointState;
  readonly #quota: AwsSdkQuota;
  /** What the last retry cost of the quota; `undefined`: nothing. */
  paidOfQuota: number | undefined;
  #retries = 0;
  #warmUps = 0;
  #warmUpSince: number | undefined;
  #hasMendedSignature = false;
  #steps: BackoffSteps | undefined;
  #lastMadeError: unknown;
  /** {@link Clock.now} at which the retry ahead was taken from the budget. */
  #paidAt: number | undefined;
  /** The failed attempt that the retry ahead is for, and the wait so far. */
  #retriedAttempt: Attempt | undefined;
  #waitedMs = 0;

  constructor(call: Call, settings: RetrySettings, endpoint: EndpointState, quota: AwsSdkQuota) {
    this.#call = call;
    this.#settings = settings;
    this.#endpoint = endpoint;
    this.#quota = quota;
  }

  /** The step after `failed`, which ended with `error`. */
  next(failed: Attempt, error: unknown): RetryStep {
    const classification = failed.end(error);
    if (failed.isRefused) {
      this.giveBack();
    } else {
      this.madeRetry();
      this.#lastMadeError = error;
    }
    if (error instanceof CircuitOpenError) return stop("breaker");
    if (failed.isSignatureMended && !this.#hasMendedSignature) {
      this.#hasMendedSignature = true;
      return { kind: "wait", delayMs: 0 };
    }
    if (this.#settings.mode === "awsSdk") {
      const kind = awsSdkRetryKind(classification, error);
      return kind === undefined ? stop("not_retryable") : this.#retry(kind, error);
    }
    if (classification.retry === "warmUp") return this.#warmUp(failed, error);
    const backoff = this.#backoffKind(classification.retry);
    if (backoff === undefined || !this.#mayRepeat(failed)) return stop("not_retryable");
    return this.#retry(backoff, error);
  }

  /** What the caller gets: where a breaker refused the retry, the answer that the retry was for says more. */
  errorOfCall(failed: Attempt, error: unknown): unknown {
    return failed.isRefused ? (this.#lastMadeError ?? error) : error;
  }

  /** Says that the wait after `failed` is over. Whether a retry comes of it is for the breaker to say. */
  waited(failed: Attempt, delayMs: number): void {
    if (!failed.isRefused) this.#retriedAttempt = failed;
    this.#waitedMs += delayMs;
  }

  /** Says that the attempt after the wait was made: now the retry counts. */
  madeRetry(): void {
    if (this.#retriedAttempt !== undefined) {
      this.#call.recorder?.retried(this.#call, this.#retriedAttempt, this.#waitedMs);
    }
    this.#retriedAttempt = undefined;
    this.#waitedMs = 0;
    this.#paidAt = undefined;
  }

  /** Returns the retry that was taken from the budget and then not made. */
  giveBack(): void {
    if (this.#paidAt !== undefined) this.#endpoint.budget?.giveBack(this.#paidAt);
    this.#paidAt = undefined;
  }

  #backoffKind(retry: RetryClass): "transient" | "throttled" | undefined {
    if (retry === "transient" || retry === "throttled") return retry;
    if (retry === "timeout") return this.#settings.retryTimeouts ? "transient" : undefined;
    if (retry === "containerOverload") return this.#settings.retryContainerOverload ? "transient" : undefined;
    return undefined;
  }

  /** An enqueue or a new session runs at most once: it is repeated only where it certainly did not run. */
  #mayRepeat(failed: Attempt): boolean {
    return this.#call.isRepeatable || !failed.mayHaveExecuted();
  }

  #retry(kind: "transient" | "throttled", error: unknown): RetryStep {
    if (this.#retries + 1 >= this.#settings.maxAttempts) return stop("attempts");
    const hint = retryHintMs(headersOf(error), this.#call.clock.epochNow());
    const delayMs = withHint(this.#backoffMs(kind, error), hint);
    if (!this.#fits(delayMs)) return stop("deadline");
    if (!this.#pay(kind)) return stop("budget");
    this.#retries++;
    return { kind: "wait", delayMs };
  }

  #pay(kind: "transient" | "throttled"): boolean {
    if (this.#settings.mode === "awsSdk") {
      const cost = this.#quota.take(kind);
      this.paidOfQuota = cost ?? this.paidOfQuota;
      return cost !== undefined;
    }
    const { budget } = this.#endpoint;
    if (budget !== undefined && !budget.tryTake()) return false;
    this.#paidAt = budget === undefined ? undefined : this.#call.clock.now();
    return true;
  }

  #backoffMs(kind: "transient" | "throttled", error: unknown): number {
    const { backoff, random } = this.#settings;
    if (backoff === undefined) return defaultDelayMs(kind, this.#retries, random);
    this.#steps ??= new BackoffSteps(backoff);
    return this.#steps.next(this.#retries + 1, error, this.#call.settings.abortSignal ?? neverAborted());
  }

  #warmUp(failed: Attempt, error: unknown): RetryStep {
    const { warmUp, random } = this.#settings;
    if (warmUp === undefined || !this.#mayRepeat(failed)) return stop("not_retryable");
    const now = this.#call.clock.now();
    this.#warmUpSince ??= now;
    const maxWaitMs = Math.min(warmUp.maxWaitMs, this.#call.fallback?.waitForModelMs ?? warmUp.maxWaitMs);
    const leftMs = this.#warmUpSince + maxWaitMs - now;
    if (leftMs <= 0) return stop("deadline");
    const { gate } = this.#call;
    if (gate?.isClosed === true) return this.#waitAtGate(gate, leftMs, error);
    const initialDelayMs = isTargeted(this.#call.target) ? warmUp.initialDelayMs : UNTARGETED_WARM_UP_MS;
    const delayMs = warmUpDelayMs({ ...warmUp, initialDelayMs }, this.#warmUps++, random);
    if (delayMs > leftMs || !this.#fits(delayMs)) return stop("deadline");
    return { kind: "wait", delayMs };
  }

  /** A call whose time is up before the next question is asked need not wait for it. */
  #waitAtGate(gate: WarmUpGate, leftMs: number, error: unknown): RetryStep {
    const refusal =
      error instanceof Error && error.cause instanceof CircuitOpenError ? error.cause : undefined;
    const probeInMs = refusal === undefined ? gate.msUntilProbe() : refusal.retryAfterMs;
    if (probeInMs > leftMs || !this.#fits(probeInMs)) return stop("deadline");
    return { kind: "gate", maxWaitMs: leftMs, probeInMs };
  }

  /** Whether an attempt after `delayMs` can still be answered before the deadline. */
  #fits(delayMs: number): boolean {
    return delayMs + this.#endpoint.fastestAnswerMs() < this.#call.remainingMs();
  }
}

function stop(reason: SuppressionReason): RetryStep {
  return { kind: "stop", reason };
}

function headersOf(error: unknown): Readonly<Record<string, string>> | undefined {
  return error instanceof SageMakerRuntimeServiceException ? error.$response?.headers : undefined;
}

/** cockatiel's back-off context has a signal; a call without one gives it a signal that never fires. */
function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
