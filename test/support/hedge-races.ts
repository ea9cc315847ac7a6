import { Call } from "../../lib/call.ts";
import type { HttpRequest } from "../../lib/http.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import type { Recorder } from "../../lib/recorder.ts";
import { HedgeRace } from "../../lib/resilience/hedge-race.ts";
import { resolveHedge } from "../../lib/resilience/hedge-settings.ts";
import { HedgeState } from "../../lib/resilience/hedge-state.ts";
import { resolveSendOptions } from "../../lib/send-options.ts";
import { targetOf } from "../../lib/target.ts";
import type { CallArgs, CallResult } from "../../lib/types.ts";
import { type Deferred, deferred } from "./deferred.ts";
import { FakeClock } from "./fake-clock.ts";

const NO_SETTINGS = resolveSendOptions(undefined);
/** What an answer of the target takes, in milliseconds. */
export const USUAL_MS = 20;
/** What an error answer carries. */
export const REFUSED = { message: "refused", $metadata: {} };

interface RaceOptions {
  /** Whether bytes leave the process as soon as something is sent. */
  readonly isSent?: boolean;
  /** Whether enough is known of the target to hedge there. */
  readonly isKnown?: boolean;
  readonly recorder?: Recorder;
}

/** The first attempt of a race, whatever is sent ends when the test says so. */
export function startRace({ isSent = true, isKnown = true, recorder }: RaceOptions = {}) {
  const clock = new FakeClock();
  const settings = resolveHedge({ minimumSamples: 1, maxExtraLoad: 0.5, quantile: 0.9 }, { random: () => 0 });
  const state = new HedgeState(settings, 0);
  for (let i = 0; i < 10; i++) state.attempted(0);
  if (isKnown) state.took(USUAL_MS, 0);
  const call = new Call(invokeEndpoint, targetOf({ EndpointName: "churn" }), true, NO_SETTINGS, clock);
  call.recorder = recorder;
  const sent: CallArgs[] = [];
  const ends: Deferred<CallResult>[] = [];
  const next = (args: CallArgs) => {
    const end = deferred<CallResult>();
    sent.push(args);
    if (args.attempt !== undefined) args.attempt.sent = isSent;
    ends.push(end);
    return end.promise;
  };
  const request = { headers: { host: "h" }, body: new Uint8Array(0) } as unknown as HttpRequest;
  const args: CallArgs = { input: {}, request, call, attempt: call.startAttempt("first") };
  const race = new HedgeRace(args, next, state, settings);
  const result = next(args).then(
    (answer) => race.firstAnswered(answer),
    (error) => race.firstFailed(error),
  );
  return { args, call, clock, ends, result, sent, state };
}

export function answer(statusCode: number): CallResult {
  return { response: { statusCode, headers: {}, body: new Uint8Array(0) }, output: undefined };
}
