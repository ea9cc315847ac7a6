import type { Attempt } from "../lib/attempt.ts";
import type { Call } from "../lib/call.ts";
import { InvocationIds } from "../lib/invocation-ids.ts";
import { begin, layer, type Placement } from "../lib/layer.ts";
import { AwsSdkQuota } from "../lib/resilience/aws-sdk-mode.ts";
import { EndpointState } from "../lib/resilience/endpoint-state.ts";
import { Keyed } from "../lib/resilience/keyed.ts";
import type { RetryOptions } from "../lib/resilience/options.ts";
import { RetryPlan } from "../lib/resilience/retry-plan.ts";
import { resolveRetry } from "../lib/resilience/retry-settings.ts";
import { waitForRetry } from "../lib/resilience/retry-wait.ts";
import { defaultSeams, type Seams } from "../lib/seams.ts";
import { type CallArgs, type CallResult, requestOf, type TunableLayer } from "../lib/types.ts";

/** Endpoints that retries are budgeted for at once; beyond it, the least recently used is forgotten. */
const MAX_ENDPOINTS = 1_024;

/**
 * Tries again what is worth trying again, after a back-off, within a budget per endpoint and never past the
 * deadline; and waits for models that are being loaded. Place it outside everything that belongs to one
 * attempt: breaker, limiter, signing.
 *
 * The caller gets the error of the last attempt that was made, with `attempts` saying what happened at each.
 *
 * @throws {RangeError} for an option out of range
 */
export function retry(options: RetryOptions = {}, seams: Partial<Seams> = {}): TunableLayer<RetryOptions> {
  const allSeams = { ...defaultSeams, ...seams };
  let settings = resolveRetry(options, allSeams);
  const endpoints = new Keyed<EndpointState>(MAX_ENDPOINTS);
  const quota = new AwsSdkQuota();
  const ids = new InvocationIds();

  function endpointOf(call: Call): EndpointState {
    const name = call.target.endpoint;
    return endpoints.get(name) ?? endpoints.add(name, new EndpointState(settings.budget, settings.clock));
  }

  const place: Placement = { name: "retry", step: "finalizeRequest", aliases: ["retryMiddleware"] };
  const { name, applyToStack } = layer(place, (next) => {
    const own = settings;
    const firstOfAll = describeAttempt(1, own.maxAttempts);

    /** A fresh object per attempt: each has its own signed request. The unsigned one they share. */
    function argsOf(args: CallArgs, attempt: Attempt): AttemptArgs {
      const request = requestOf(args);
      request.headers["amz-sdk-request"] =
        attempt.number === 1 ? firstOfAll : describeAttempt(attempt.number, own.maxAttempts);
      return { input: args.input, request, call: args.call, attempt };
    }

    function succeeded(
      result: CallResult,
      { call, attempt }: AttemptArgs,
      endpoint: EndpointState,
      plan?: RetryPlan,
    ) {
      const now = call.clock.now();
      endpoint.succeeded(now - attempt.admittedAt, now);
      plan?.madeRetry();
      if (own.mode === "awsSdk") quota.succeeded(plan?.paidOfQuota);
      return result;
    }

    /** Goes on after the first attempt has failed. */
    async function tryAgain(args: CallArgs, first: AttemptArgs, endpoint: EndpointState, error: unknown) {
      const { call } = args;
      const plan = new RetryPlan(call, own, endpoint, quota);
      let failure = { attempt: first.attempt, error };
      for (;;) {
        await waitForRetry(plan, call, failure.attempt, failure.error);
        const again = argsOf(args, call.startAttempt(call.attempts.length === 0 ? "first" : "retry"));
        try {
          return succeeded(await next(again), again, endpoint, plan);
        } catch (error) {
          failure = { attempt: again.attempt, error };
        }
      }
    }

    return function retryCall(args) {
      const { call } = args;
      const endpoint = endpointOf(call);
      call.budget = endpoint.budget;
      requestOf(args).headers["amz-sdk-invocation-id"] = ids.next();
      const first = argsOf(args, call.startAttempt("first"));
      return begin(next, first).then(
        (result) => succeeded(result, first, endpoint),
        (error) => tryAgain(args, first, endpoint, error),
      );
    };
  });
  return {
    name,
    applyToStack,
    prepare(changed) {
      const checked = resolveRetry(changed, allSeams);
      return () => {
        settings = checked;
        for (const endpoint of endpoints) endpoint.retune(checked.budget);
      };
    },
  };
}

/** `attempt` is the one that was sent on, until a layer that runs several says which of them counts. */
type AttemptArgs = CallArgs & { attempt: Attempt };

/** As `amz-sdk-request` has it. */
function describeAttempt(number: number, maxAttempts: number): string {
  return `attempt=${number}; max=${maxAttempts}`;
}
