import type { Attempt } from "../lib/attempt.ts";
import { CircuitOpenError } from "../lib/errors/local-errors.ts";
import { layer } from "../lib/layer.ts";
import type { Recorder } from "../lib/recorder.ts";
import { EndpointSplit } from "../lib/resilience/split/endpoint-split.ts";
import type { SplitOptions } from "../lib/resilience/split/options.ts";
import { resolveSplit, type SplitSettings } from "../lib/resilience/split/settings.ts";
import { isSplittable, routeTo } from "../lib/resilience/split/split-request.ts";
import type { SplitVariant } from "../lib/resilience/split/split-variant.ts";
import { defaultSeams, type Seams } from "../lib/seams.ts";
import { attemptOf, type CallArgs, type CallResult, requestOf, type TunableLayer } from "../lib/types.ts";

/** A {@link split} layer, and the state behind it. */
export interface SplitLayer extends TunableLayer<SplitOptions> {
  /** Tells the metrics that nothing is split any more. */
  forgetAll(): void;
}

/**
 * Chooses the production variant of each attempt by weight, here and not at the endpoint: then each failure is known to
 * be that of a variant, even one without an answer, and has the breaker and the limit of that variant. A variant that
 * fails more than the others do is taken out for a while, and comes back with a growing share of its weight; at most
 * `maxEjectedShare` of the weight is out.
 *
 * A retry is drawn anew, by the same weights: steered away from what failed, the failures of a large variant would be
 * the load of a small one. Where the breaker of the variant refuses, another one is drawn within `maxEjectedShare`.
 *
 * Calls that name a variant, an inference component or a session, and asynchronous calls, go where they were sent.
 * Place it inside `retry` and `hedge`, so that each attempt is drawn, and outside `circuitBreaker`.
 *
 * @throws {RangeError} for an option out of range; {@link TypeError} for one that does not exist
 */
export function split(options: SplitOptions, seams: Partial<Seams> = {}): SplitLayer {
  const allSeams = { ...defaultSeams, ...seams };
  let splits = splitsOf(resolveSplit(options, allSeams));
  let recorder: Recorder | undefined;

  function splitOf(args: CallArgs): EndpointSplit | undefined {
    const { call } = args;
    const found = splits.get(call.target.endpoint);
    if (found === undefined || !isSplittable(args)) return undefined;
    if (recorder === undefined && call.recorder !== undefined) begin(call.recorder);
    return found;
  }

  function begin(newRecorder: Recorder): void {
    recorder = newRecorder;
    for (const one of splits.values()) recorder.splitBegan(one);
  }

  function forgetAll(): void {
    for (const one of splits.values()) recorder?.splitEnded(one);
  }

  const { name, applyToStack } = layer({ name: "split", step: "finalizeRequest" }, (next) => {
    return function splitAttempt(args) {
      const found = splitOf(args);
      return found === undefined ? next(args) : sendByWeight(args, found);
    };

    async function sendByWeight(args: CallArgs, found: EndpointSplit): Promise<CallResult> {
      const attempt = attemptOf(args);
      attempt.onEnd(found);
      let refusedBy: SplitVariant[] | undefined;
      for (;;) {
        const variant = found.choose(attempt.startedAt, refusedBy);
        routeTo(variant, requestOf(args), attempt);
        try {
          return await next(args);
        } catch (error) {
          const refusal = breakerRefusal(error, attempt);
          if (refusal === undefined) throw error;
          const now = attempt.call.clock.now();
          found.refused(variant, now, refusal.retryAfterMs);
          refusedBy = [...(refusedBy ?? []), variant];
          if (!found.spares(refusedBy, now)) throw error;
          attempt.call.reinstate(attempt);
        }
      }
    }
  });
  return {
    name,
    applyToStack,
    forgetAll,
    prepare(changed) {
      const checked = resolveSplit(changed, allSeams);
      return () => {
        forgetAll();
        splits = splitsOf(checked, splits);
        if (recorder !== undefined) begin(recorder);
      };
    },
    switchOff: forgetAll,
  };
}

function splitsOf(
  settings: SplitSettings,
  previous?: ReadonlyMap<string, EndpointSplit>,
): Map<string, EndpointSplit> {
  const splits = new Map<string, EndpointSplit>();
  for (const endpoint of settings.weights.keys()) {
    splits.set(endpoint, new EndpointSplit(endpoint, settings, previous?.get(endpoint)));
  }
  return splits;
}

/** What a breaker refused the attempt with, be it open or be its model loading. */
function breakerRefusal(error: unknown, { isRefused }: Attempt): CircuitOpenError | undefined {
  if (!isRefused || !(error instanceof Error)) return undefined;
  const refusal = error instanceof CircuitOpenError ? error : error.cause;
  return refusal instanceof CircuitOpenError ? refusal : undefined;
}
