import type { Attempt } from "../../lib/attempt.ts";
import { Call } from "../../lib/call.ts";
import type { SageMakerRuntimeServiceException } from "../../lib/errors/service-exception.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { AwsSdkQuota } from "../../lib/resilience/aws-sdk-mode.ts";
import { EndpointState } from "../../lib/resilience/endpoint-state.ts";
import type { RetryOptions } from "../../lib/resilience/options.ts";
import { RetryPlan, type RetryStep } from "../../lib/resilience/retry-plan.ts";
import { resolveRetry } from "../../lib/resilience/retry-settings.ts";
import { resolveSendOptions, type SendOptions } from "../../lib/send-options.ts";
import { type TargetInput, targetOf } from "../../lib/target.ts";
import { FakeClock } from "./fake-clock.ts";

interface Given {
  readonly input?: TargetInput;
  readonly isRepeatable?: boolean;
  readonly send?: SendOptions;
}

/** The plan of one call on a fake clock, and attempts that end as they are told to. Chance is a half. */
export class RetryPlanHarness {
  readonly clock = new FakeClock();
  readonly call: Call;
  readonly endpoint: EndpointState;
  readonly quota = new AwsSdkQuota();
  readonly plan: RetryPlan;
  /** The newest attempt. */
  failed!: Attempt;

  constructor(options: RetryOptions = {}, { input, isRepeatable = true, send }: Given = {}) {
    const settings = resolveRetry(options, { clock: this.clock, random: () => 0.5 });
    const target = targetOf({ EndpointName: "churn", ...input });
    this.call = new Call(invokeEndpoint, target, isRepeatable, resolveSendOptions(send), this.clock);
    this.endpoint = new EndpointState(settings.budget, this.clock);
    this.plan = new RetryPlan(this.call, settings, this.endpoint, this.quota);
  }

  /** An attempt fails with `error`: what to do then. `as` says what else is known of it. */
  fail(error: Error, as: Partial<Pick<Attempt, "sent" | "isRefused" | "isSignatureMended">> = {}): RetryStep {
    this.failed = Object.assign(this.call.startAttempt("retry"), { sent: true, ...as });
    return this.plan.next(this.failed, error);
  }

  /** The steps after so many failures in a row, as far as they are waits. */
  waits(error: Error, count: number): (number | RetryStep)[] {
    return Array.from({ length: count }, () => {
      const step = this.fail(error);
      return step.kind === "wait" ? step.delayMs : step;
    });
  }
}

/** The error with the headers of the answer that it was made of. */
export function withHeaders<T extends SageMakerRuntimeServiceException>(
  error: T,
  headers: Readonly<Record<string, string>>,
): T {
  return Object.assign(error, { $response: { statusCode: 503, headers, body: new Uint8Array(0) } });
}
