import type { AttemptKind } from "../attempt.ts";
import { OUTCOMES, type Outcome } from "../outcome.ts";
import type {
  FallbackResult,
  HedgeResult,
  HedgeSuppression,
  QueueRejection,
  SuppressionReason,
} from "../recorder.ts";
import type { BreakerState } from "../resilience/breaker/breaker-state.ts";
import type { StoreError } from "../resilience/breaker/fleet-view.ts";
import type { FallbackCause, FallbackKind } from "../resilience/fallback/metadata.ts";
import { type CallPriority, PRIORITY_RANK } from "../resilience/limiter/priority.ts";

/** A label whose values are known when the process starts, and the place of each in an array of counts. */
export interface ClosedLabel<T extends string> {
  readonly values: readonly T[];
  readonly indexOf: Readonly<Record<T, number>>;
}

/** Taken as a record, so that the compiler misses a value that its type has and the label has not. */
function closedLabel<T extends string>(indexOf: Readonly<Record<T, number>>): ClosedLabel<T> {
  return { values: Object.keys(indexOf) as T[], indexOf };
}

const OUTCOME_INDEX = Object.fromEntries(OUTCOMES.map((outcome, index) => [outcome, index]));

export const OUTCOME = closedLabel(OUTCOME_INDEX as Record<Outcome, number>);

export const ATTEMPT_KIND = closedLabel<AttemptKind>({ first: 0, retry: 1, hedge: 2, fallback: 3 });

export const SUPPRESSION_REASON = closedLabel<SuppressionReason>({
  budget: 0,
  deadline: 1,
  attempts: 2,
  not_retryable: 3,
  breaker: 4,
});

export const HEDGE_RESULT = closedLabel<HedgeResult>({ won: 0, lost: 1, failed: 2 });

export const HEDGE_SUPPRESSION = closedLabel<HedgeSuppression>({
  load: 0,
  budget: 1,
  overload: 2,
  deadline: 3,
});

export const FALLBACK_RESULT = closedLabel<FallbackResult>({ ok: 0, error: 1 });

export const FALLBACK_KIND = closedLabel<FallbackKind>({
  variant: 0,
  component: 1,
  endpoint: 2,
  client: 3,
  function: 4,
  constant: 5,
});

export const FALLBACK_CAUSE = closedLabel<FallbackCause>({
  circuitOpen: 0,
  concurrencyLimit: 1,
  notReady: 2,
  throttled: 3,
  serverError: 4,
  modelError: 5,
  timeout: 6,
  connection: 7,
  invalidResponse: 8,
  other: 9,
});

/** What a call was lost for, in the spelling of label values. */
export const FALLBACK_CAUSE_LABEL: Readonly<Record<FallbackCause, string>> = {
  circuitOpen: "circuit_open",
  concurrencyLimit: "concurrency_limit",
  notReady: "not_ready",
  throttled: "throttled",
  serverError: "server_error",
  modelError: "model_error",
  timeout: "timeout",
  connection: "connection",
  invalidResponse: "invalid_response",
  other: "other",
};

export const QUEUE_REJECTION = closedLabel<QueueRejection>({ full: 0, shed: 1, timeout: 2 });

export const STORE_ERROR = closedLabel<StoreError>({ error: 0, timeout: 1, malformed: 2 });

export const CALL_PRIORITY = closedLabel<CallPriority>(PRIORITY_RANK);

/** A label that names are let into up to a limit. */
export type GuardedLabel = "endpoint" | "variant";

export const GUARDED_LABEL = closedLabel<GuardedLabel>({ endpoint: 0, variant: 1 });

export const BREAKER_STATE = closedLabel<BreakerState>({
  closed: 0,
  open: 1,
  halfOpen: 2,
  recovering: 3,
  isolated: 4,
});

/** Breaker states in the spelling of label values. */
export const BREAKER_STATE_LABEL: Readonly<Record<BreakerState, string>> = {
  closed: "closed",
  open: "open",
  halfOpen: "half_open",
  recovering: "recovering",
  isolated: "isolated",
};

/** `ok` for an answer that the caller could use, `error` for everything else. */
export const STATUSES = ["ok", "error"] as const;

export type Status = (typeof STATUSES)[number];
