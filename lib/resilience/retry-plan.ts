import type { Attempt } from "../attempt.ts";
import type { Call } from "../call.ts";
import type { RetryClass } from "../classify-table.ts";
import { CircuitOpenError } from "../errors/local-errors.ts";
import { SageMakerRuntimeServiceException } from "../errors/service-exception.ts";
import type { SuppressionReason } from "../recorder.ts";
import { isTargeted } from "../target.ts";
import { BackoffSteps, defaultDelayMs, withHint } from "./backoff.ts";
import type { EndpointState } from "./endpoint-state.ts";
import { retryHintMs } from "./retry-hint.ts";
import type { RetrySettings } from "./retry-settings.ts";
import { warmUpDelayMs } from "./warm-up.ts";

/** The first wait after a not-ready answer to a call that any variant may answer: the next is likely warm. */
const UNTARGETED_WARM_UP_MS = 100;

/** What to do after a failed attempt. */
export type RetryStep =
  | { readonly kind: "stop"; readonly reason: SuppressionReason }
  /** Wait, then try again; `isPaid`: a retry was taken from the budget for it. */
  | { readonly kind: "wait"; readonly delayMs: number; readonly isPaid: boolean }
  /** Wait with the others of this target until the gate lets this call out. */
  | { readonly kind: "gate"; readonly maxWaitMs: number; readonly probeInMs: number };

/** Decides for one call, from its first failure on, whether and when to try again. It waits for nothing itself. */
export class RetryPlan {
  readonly #call: Call;
  readonly #settings: RetrySettings;
  readonly #endpoint: EndpointState;
  #retries = 0;
  #warmUps = 0;
  #warmUpSince: number | undefined;
  #hasMendedSignature = false;
  #steps: BackoffSteps | undefined;
  #lastMadeError: unknown;

  constructor(call: Call, settings: RetrySettings, endpoint: EndpointState) {
    this.#call = call;
    this.#settings = settings;
    this.#endpoint = endpoint;
  }

  /** The step after `failed`, which ended with `error`. */
  next(failed: Attempt, error: unknown): RetryStep {
    const classification = failed.end(error);
    if (!failed.isRefused) this.#lastMadeError = error;
    if (error instanceof CircuitOpenError) return stop("breaker");
    if (failed.isSignatureMended && !this.#hasMendedSignature) {
      this.#hasMendedSignature = true;
      return { kind: "wait", delayMs: 0, isPaid: false };
    }
    if (classification.retry === "warmUp") return this.#warmUp(failed, error);
    const backoff = this.#backoffKind(classification.retry);
    if (backoff === undefined || !this.#mayRepeat(failed)) return stop("not_retryable");
    return this.#retry(backoff, error);
  }

  /** What the caller gets: where a breaker refused the retry, the answer that the retry was for says more. */
  errorOfCall(error: unknown): unknown {
    return error instanceof CircuitOpenError ? (this.#lastMadeError ?? error) : error;
  }

  /** Returns the retry that was taken at `takenAt` and then not made. */
  giveBack(takenAt: number): void {
    this.#endpoint.budget?.giveBack(takenAt);
  }

  #backoffKind(retry: RetryClass): "transient" | "throttled" | undefined {
    if (retry === "transient" || retry === "throttled") return retry;
    if (retry === "timeout") return this.#settings.retryTimeouts ? "transient" : undefined;
    if (retry === "containerOverload") return this.#settings.retryContainerOverload ? "throttled" : undefined;
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
    const { budget } = this.#endpoint;
    if (budget !== undefined && !budget.tryTake()) return stop("budget");
    this.#retries++;
    return { kind: "wait", delayMs, isPaid: budget !== undefined };
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
    const leftMs = this.#warmUpSince + warmUp.maxWaitMs - now;
    if (leftMs <= 0) return stop("deadline");
    if (this.#call.gate?.isClosed === true) return this.#waitAtGate(leftMs, error);
    const initialDelayMs = isTargeted(this.#call.target) ? warmUp.initialDelayMs : UNTARGETED_WARM_UP_MS;
    const delayMs = warmUpDelayMs({ ...warmUp, initialDelayMs }, this.#warmUps++, random);
    if (delayMs > leftMs || !this.#fits(delayMs)) return stop("deadline");
    return { kind: "wait", delayMs, isPaid: false };
  }

  /** A call whose time is up before the next question is asked need not wait for it. */
  #waitAtGate(leftMs: number, error: unknown): RetryStep {
    const refusal =
      error instanceof Error && error.cause instanceof CircuitOpenError ? error.cause : undefined;
    const probeInMs = refusal?.retryAfterMs ?? 0;
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
