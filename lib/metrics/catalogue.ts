import { OUTCOMES } from "../outcome.ts";
import {
  ATTEMPT_KIND,
  BREAKER_STATE,
  BREAKER_STATE_LABEL,
  CALL_PRIORITY,
  FALLBACK_CAUSE,
  FALLBACK_CAUSE_LABEL,
  FALLBACK_KIND,
  FALLBACK_RESULT,
  GUARDED_LABEL,
  HEDGE_RESULT,
  HEDGE_SUPPRESSION,
  QUEUE_REJECTION,
  STATUSES,
  STORE_ERROR,
  SUPPRESSION_REASON,
} from "./closed-label.ts";

export type LabelName =
  | "endpoint"
  | "variant"
  | "outcome"
  | "status"
  | "kind"
  | "reason"
  | "result"
  | "alternative"
  | "priority"
  | "state"
  | "to"
  | "label"
  | "version"
  | "node";

export interface MetricSpec {
  readonly name: `sagemaker_client_${string}`;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly LabelName[];
  /** How the workers of a cluster add up. */
  readonly aggregator: "sum" | "first";
}

/** Every metric: names, types, help and labels have no other source. The prefix is fixed: dashboards share it. */
export const METRICS = {
  requests: {
    name: "sagemaker_client_requests_total",
    type: "counter",
    help: "Calls that ended, by what their caller got; each once, however many attempts it took.",
    labels: ["endpoint", "variant", "outcome"],
    aggregator: "sum",
  },
  requestDuration: {
    name: "sagemaker_client_request_duration_seconds",
    type: "histogram",
    help: "How long callers waited, queues, retries and back-off included; cancelled calls left out.",
    labels: ["endpoint", "variant", "status"],
    aggregator: "sum",
  },
  requestsInFlight: {
    name: "sagemaker_client_requests_in_flight",
    type: "gauge",
    help: "Calls that callers are waiting for.",
    labels: ["endpoint"],
    aggregator: "sum",
  },
  attempts: {
    name: "sagemaker_client_attempts_total",
    type: "counter",
    help: "Attempts that ended; divided by requests, it is the amplification.",
    labels: ["endpoint", "variant", "outcome", "kind"],
    aggregator: "sum",
  },
  attemptDuration: {
    name: "sagemaker_client_attempt_duration_seconds",
    type: "histogram",
    help: "How long attempts took; compare with ModelLatency plus OverheadLatency. Cancelled ones left out.",
    labels: ["endpoint", "variant", "status"],
    aggregator: "sum",
  },
  attemptsInFlight: {
    name: "sagemaker_client_attempts_in_flight",
    type: "gauge",
    help: "Attempts that run now: the load offered to the endpoint.",
    labels: ["endpoint"],
    aggregator: "sum",
  },
  deadlineUsed: {
    name: "sagemaker_client_deadline_used_ratio",
    type: "histogram",
    help: "Share of their deadline that successful calls used: how near they came to failing.",
    labels: ["endpoint"],
    aggregator: "sum",
  },
  retries: {
    name: "sagemaker_client_retries_total",
    type: "counter",
    help: "Retries, by the variant and the outcome of the attempt that failed.",
    labels: ["endpoint", "variant", "reason"],
    aggregator: "sum",
  },
  retriesSuppressed: {
    name: "sagemaker_client_retries_suppressed_total",
    type: "counter",
    help: "Failed attempts that were not tried again, by what forbade it.",
    labels: ["endpoint", "reason"],
    aggregator: "sum",
  },
  retryBackoff: {
    name: "sagemaker_client_retry_backoff_seconds_total",
    type: "counter",
    help: "Time that calls spent waiting before retries.",
    labels: ["endpoint"],
    aggregator: "sum",
  },
  hedges: {
    name: "sagemaker_client_hedges_total",
    type: "counter",
    help: "Hedges that ended, by what became of them: second attempts beside a slow first one.",
    labels: ["endpoint", "result"],
    aggregator: "sum",
  },
  hedgesSuppressed: {
    name: "sagemaker_client_hedges_suppressed_total",
    type: "counter",
    help: "Slow attempts that got no hedge, by what forbade it.",
    labels: ["endpoint", "reason"],
    aggregator: "sum",
  },
  fallbacks: {
    name: "sagemaker_client_fallbacks_total",
    type: "counter",
    help: "Alternatives that were asked for calls that were lost, by what for, and whether they answered.",
    labels: ["endpoint", "alternative", "reason", "result"],
    aggregator: "sum",
  },
  breakerState: {
    name: "sagemaker_client_breaker_state",
    type: "gauge",
    help: "Circuit breakers in each state.",
    labels: ["endpoint", "variant", "state"],
    aggregator: "sum",
  },
  breakerTransitions: {
    name: "sagemaker_client_breaker_transitions_total",
    type: "counter",
    help: "How often circuit breakers entered a state.",
    labels: ["endpoint", "variant", "to"],
    aggregator: "sum",
  },
  breakerStoreUp: {
    name: "sagemaker_client_breaker_store_up",
    type: "gauge",
    help: "1 while the store that breakers share answers; 0: those of this process are on their own.",
    labels: [],
    aggregator: "sum",
  },
  breakerStoreErrors: {
    name: "sagemaker_client_breaker_store_errors_total",
    type: "counter",
    help: "How often the store that breakers share was of no use.",
    labels: ["reason"],
    aggregator: "sum",
  },
  concurrencyLimit: {
    name: "sagemaker_client_concurrency_limit",
    type: "gauge",
    help: "Attempts that may be in flight; of an endpoint with several targets, all of them together.",
    labels: ["endpoint"],
    aggregator: "sum",
  },
  queueDepth: {
    name: "sagemaker_client_queue_depth",
    type: "gauge",
    help: "Attempts that wait for a permit.",
    labels: ["endpoint"],
    aggregator: "sum",
  },
  queueWait: {
    name: "sagemaker_client_queue_wait_seconds",
    type: "histogram",
    help: "How long attempts that found no free permit waited, with or without success.",
    labels: ["endpoint"],
    aggregator: "sum",
  },
  queueRejections: {
    name: "sagemaker_client_queue_rejections_total",
    type: "counter",
    help: "Attempts that went without a permit: nothing was sent.",
    labels: ["endpoint", "reason", "priority"],
    aggregator: "sum",
  },
  buildInfo: {
    name: "sagemaker_client_build_info",
    type: "gauge",
    help: "Always 1; its labels are the versions of this package and of Node.",
    labels: ["version", "node"],
    aggregator: "first",
  },
  labelOverflow: {
    name: "sagemaker_client_label_overflow_total",
    type: "counter",
    help: "How often a name was counted as _other: there were too many, or it cannot be a name.",
    labels: ["label"],
    aggregator: "sum",
  },
} as const satisfies Record<string, MetricSpec>;

const BREAKER_STATES = BREAKER_STATE.values.map((state) => BREAKER_STATE_LABEL[state]);

/** What each label says, and its values where they are known beforehand. */
export const LABELS: Readonly<
  Record<LabelName, { readonly help: string; readonly values?: readonly string[] }>
> = {
  endpoint: { help: "EndpointName of the call; `_other` beyond `maxEndpoints` names." },
  variant: {
    help:
      "The production variant that answered, or else the one that was asked for. `_unknown`: sent, and nothing " +
      "says where to; `_none`: never sent; `_other`: beyond `maxVariants` names; `_any`: all variants together.",
  },
  outcome: { help: "How it ended.", values: OUTCOMES },
  status: { help: "`ok` where `outcome` is `ok`.", values: STATUSES },
  kind: { help: "Why the attempt was made.", values: ATTEMPT_KIND.values },
  reason: {
    help:
      "Of `retries_total`: the `outcome` that was tried again. Of `fallbacks_total`: what the call was lost for: " +
      `${codes(FALLBACK_CAUSE.values.map((cause) => FALLBACK_CAUSE_LABEL[cause]))}. Of \`hedges_suppressed_total\`: ` +
      `${codes(HEDGE_SUPPRESSION.values)}. Of \`breaker_store_errors_total\`: ${codes(STORE_ERROR.values)}. ` +
      `Of \`queue_rejections_total\`: ${codes(QUEUE_REJECTION.values)}. ` +
      "Of `retries_suppressed_total`:",
    values: SUPPRESSION_REASON.values,
  },
  result: {
    help:
      `Of \`fallbacks_total\`: ${codes(FALLBACK_RESULT.values)}. Of \`hedges_total\` (\`lost\`: cancelled, as another ` +
      "attempt was faster or the call ended; `failed`: ended in an error):",
    values: HEDGE_RESULT.values,
  },
  alternative: { help: "What was asked in place of the model.", values: FALLBACK_KIND.values },
  priority: { help: "Class of the call.", values: CALL_PRIORITY.values },
  state: { help: "State of the breaker.", values: BREAKER_STATES },
  to: { help: "State that was entered.", values: BREAKER_STATES },
  label: { help: "Label that overflowed.", values: GUARDED_LABEL.values },
  version: { help: "Version of this package." },
  node: { help: "Version of Node." },
};

function codes(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(", ");
}
