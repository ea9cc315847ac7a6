import type { Call } from "../lib/call.ts";
import { layer } from "../lib/layer.ts";
import { FallbackState } from "../lib/resilience/fallback/fallback-state.ts";
import { LostCall } from "../lib/resilience/fallback/lost-call.ts";
import type { FallbackOptions } from "../lib/resilience/fallback/options.ts";
import { FallbackPlan } from "../lib/resilience/fallback/plan.ts";
import { resolveFallback } from "../lib/resilience/fallback/settings.ts";
import { Keyed } from "../lib/resilience/keyed.ts";
import type { CallArgs, CallHandler, CallResult, TunableLayer } from "../lib/types.ts";

/** Endpoints whose plans are kept at once; beyond it, the least recently used is made again when it is called. */
const MAX_ENDPOINTS = 1_024;

/**
 * Answers a call that is lost by what stands next in a list: another variant or endpoint, another client, a function,
 * a constant. The list is gone through once, within the call's deadline, until one answers; each alternative that is
 * sent passes all layers below, as a call that asks for it does: its own breaker, limiter and retry budget decide. The
 * answer says which one it is from, in `$metadata.fallback`.
 *
 * Where none answers, the caller gets the error that the call was lost for, with `fallbackErrors`. Whether that error
 * is a reason for an alternative is asked once: what the alternatives fail with changes nothing. Nothing is asked
 * after the caller's abort or the deadline, nor after the head of a stream (with `peekFirstEvent`: its first part).
 *
 * What may have run and must not run twice (an enqueue, a new session) is sent nowhere else, and a call of a session
 * stays at its endpoint: only functions and constants answer those. Place it inside `deadline`, outside `serialize`.
 *
 * @throws {RangeError} for an option out of range; {@link TypeError} for one that does not exist
 */
export function fallback(options: FallbackOptions): TunableLayer<FallbackOptions> {
  let settings = resolveFallback(options);
  let plans = new Keyed<FallbackPlan>(MAX_ENDPOINTS);

  function planOf(call: Call): FallbackPlan | undefined {
    if (!call.settings.mayFallBack) return undefined;
    const { endpoint } = call.target;
    const known = plans.get(endpoint);
    if (known !== undefined) return known;
    const alternatives = settings.alternativesOf(endpoint);
    if (alternatives === undefined) return undefined;
    const plan = plans.add(endpoint, new FallbackPlan(alternatives, settings.waitForModelMs));
    call.recorder?.fallbackBegan(call, plan.kinds);
    return plan;
  }

  const { name, applyToStack } = layer({ name: "fallback", step: "initialize" }, (next) => {
    return function fallbackCall(args) {
      const plan = planOf(args.call);
      return plan === undefined ? next(args) : callWithFallback(next, args, plan);
    };
  });
  return {
    name,
    applyToStack,
    prepare(changed) {
      const checked = resolveFallback(changed);
      return () => {
        settings = checked;
        plans = new Keyed<FallbackPlan>(MAX_ENDPOINTS);
      };
    },
  };
}

async function callWithFallback(next: CallHandler, args: CallArgs, plan: FallbackPlan): Promise<CallResult> {
  const { call, input } = args;
  call.fallback = new FallbackState(false, plan.waitBeforeFirstMs(call, input));
  try {
    return await next(args);
  } catch (error) {
    if (call.cancelled !== undefined || !(error instanceof Error)) throw error;
    return new LostCall(next, args, input, error).fallBack(plan);
  }
}
