import type { LabelName } from "./labels.ts";

export interface MetricSpec {
  readonly name: `sagemaker_client_${string}`;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly LabelName[];
  /**
   * What one worker's values are to all of a cluster. Amounts add up, limits among them: each worker has its own, and
   * what is in flight is compared with all of them together. Shares have a mean; a health is that of the worst.
   */
  readonly aggregator: "sum" | "first" | "average" | "min";
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
  splitShare: {
    name: "sagemaker_client_split_share_ratio",
    type: "gauge",
    help: "Share of the attempts that the client's split sends to the variant now.",
    labels: ["endpoint", "variant"],
    aggregator: "average",
  },
  ejections: {
    name: "sagemaker_client_ejections_total",
    type: "counter",
    help: "How often a variant was taken out of the split, because it failed more than the others.",
    labels: ["endpoint", "variant"],
    aggregator: "sum",
  },
  ejectionsSuppressed: {
    name: "sagemaker_client_ejections_suppressed_total",
    type: "counter",
    help: "How often a variant that failed more was left in: too much of the weight was out already.",
    labels: ["endpoint", "variant"],
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
    aggregator: "min",
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
  pacing: {
    name: "sagemaker_client_concurrency_pacing",
    type: "gauge",
    help: "Targets whose attempts start one at a time, with pauses, because nothing was answered in time.",
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
