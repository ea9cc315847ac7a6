import { type OpenMetricsContentType, Registry, type RegistryContentType } from "prom-client";
import type { Attempt, AttemptKind } from "../../lib/attempt.ts";
import { Call } from "../../lib/call.ts";
import { CLASS } from "../../lib/classify-table.ts";
import type { MetricsOptions } from "../../lib/metrics/options.ts";
import { type PrometheusRecorder, recorderFor } from "../../lib/metrics/recorder.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import type { Outcome } from "../../lib/outcome.ts";
import { type TargetInput, targetOf } from "../../lib/target.ts";
import { type Exposition, parseExposition } from "./exposition.ts";
import { FakeClock } from "./fake-clock.ts";

const NO_SETTINGS = {
  abortSignal: undefined,
  callTimeoutMs: undefined,
  attemptTimeoutMs: undefined,
  priority: "standard",
  fairnessKey: undefined,
  mayFallBack: true,
} as const;

/** How an attempt ended; by default it was sent and the answer named no variant. */
export interface AttemptEnd {
  readonly variant?: string;
  readonly sent?: boolean;
}

export function openMetricsRegistry(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

/** A recorder on a registry, and the events that layers would send it. */
export class MetricsHarness {
  readonly clock = new FakeClock();
  readonly registry: Registry<RegistryContentType>;
  readonly recorder: PrometheusRecorder;

  constructor(
    options: Partial<MetricsOptions> = {},
    registry: Registry<RegistryContentType> = new Registry(),
  ) {
    this.registry = registry;
    this.recorder = recorderFor({ registry, ...options });
  }

  startCall(input: TargetInput = { EndpointName: "churn" }): Call {
    const call = new Call(invokeEndpoint, targetOf(input), true, NO_SETTINGS, this.clock);
    this.recorder.callStarted(call);
    return call;
  }

  startAttempt(call: Call, kind: AttemptKind = "first"): Attempt {
    const attempt = call.startAttempt(kind);
    this.recorder.attemptStarted(attempt);
    return attempt;
  }

  endAttempt(attempt: Attempt, outcome: Outcome, { variant, sent = true }: AttemptEnd = {}): void {
    attempt.sent = sent;
    attempt.invokedVariant = variant;
    attempt.endedAt = this.clock.now();
    attempt.classification = { ...CLASS.other, outcome };
    this.recorder.attemptEnded(attempt);
  }

  /** One call of one attempt that takes `ms`. */
  async run(outcome: Outcome, end: AttemptEnd = {}, ms = 10, input?: TargetInput): Promise<void> {
    const call = this.startCall(input);
    const attempt = this.startAttempt(call);
    await this.clock.advance(ms);
    this.endAttempt(attempt, outcome, end);
    this.recorder.callEnded(call, outcome, attempt);
  }

  async scrape(): Promise<Exposition> {
    return parseExposition(await this.registry.metrics());
  }
}
