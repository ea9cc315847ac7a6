import type { Call } from "../lib/call.ts";
import { layer } from "../lib/layer.ts";
import { HedgeRace } from "../lib/resilience/hedge-race.ts";
import { isHedgeable } from "../lib/resilience/hedge-request.ts";
import { resolveHedge } from "../lib/resilience/hedge-settings.ts";
import { HedgeState } from "../lib/resilience/hedge-state.ts";
import { Keyed } from "../lib/resilience/keyed.ts";
import type { HedgeOptions } from "../lib/resilience/options.ts";
import { defaultSeams, type Seams } from "../lib/seams.ts";
import type { CallResult, TunableLayer } from "../lib/types.ts";

/**
 * Starts a second attempt beside one that is slower than its target's answers of late, and takes the answer
 * that comes first; the other attempt is cancelled and its connection closed. A model may therefore run twice
 * for one call. Where both fail, the caller gets the error of the last one, unless the other may be tried again.
 *
 * Never hedged are asynchronous calls and calls of a session, an attempt that was not sent yet, and a stream once
 * its head is here (with `peekFirstEvent`: its first part). Hedges stop while the circuit breaker of the target
 * is not closed, or a limiter says that the target has too much to do.
 *
 * Place it inside `retry`, whose budget it shares, and outside `circuitBreaker`, which then sees both attempts.
 * Layers inside of it must end with their attempt: the loser is waited for, which takes no time otherwise.
 *
 * @throws {RangeError} for an option out of range
 */
export function hedge(
  options: HedgeOptions = {},
  seams: Partial<Pick<Seams, "random">> = {},
): TunableLayer<HedgeOptions> {
  const allSeams = { ...defaultSeams, ...seams };
  let settings = resolveHedge(options, allSeams);
  // Apart, because what is timed differs: the whole answer, or its beginning.
  const answers = new Keyed<HedgeState>(settings.maxTargets);
  const streams = new Keyed<HedgeState>(settings.maxTargets);

  function stateOf(call: Call): HedgeState {
    const { key } = call.target;
    const states = call.operation.isStreaming ? streams : answers;
    const known = states.get(key);
    if (known !== undefined) return known;
    call.recorder?.hedgingBegan(call);
    return states.add(key, new HedgeState(settings, call.clock.now()));
  }

  const { name, applyToStack } = layer({ name: "hedge", step: "finalizeRequest" }, (next) => {
    const own = settings;
    return async function hedgeAttempt(args) {
      if (!isHedgeable(args)) return next(args);
      const race = new HedgeRace(args, next, stateOf(args.call), own);
      let answer: CallResult;
      try {
        answer = await next(args);
      } catch (error) {
        return race.firstFailed(error);
      }
      return race.firstAnswered(answer);
    };
  });
  return {
    name,
    applyToStack,
    prepare(changed) {
      const checked = resolveHedge(changed, allSeams);
      return () => {
        settings = checked;
        for (const states of [answers, streams]) {
          states.resize(checked.maxTargets);
          for (const state of states) state.retune(checked);
        }
      };
    },
  };
}
