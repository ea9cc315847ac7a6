import type { Call } from "../lib/call.ts";
import { classify } from "../lib/classify.ts";
import { addTo } from "../lib/layer.ts";
import type { MetricsOptions } from "../lib/metrics/options.ts";
import { recorderFor } from "../lib/metrics/recorder.ts";
import type { Recorder } from "../lib/recorder.ts";
import { attemptOf, type CallHandler, type Layer } from "../lib/types.ts";

const AROUND_SIGNING = {
  name: "attemptMetrics",
  relation: "before",
  toMiddleware: "httpSigningMiddleware",
} as const;

/**
 * Counts calls and attempts per endpoint and production variant into the user's registry. It stands at two
 * places: outermost, where it sees what the caller sees, and directly outside the signing layer, around each
 * attempt that is really sent.
 *
 * @throws {RangeError} for an option out of range
 */
export function metrics(options: MetricsOptions): Layer {
  const recorder = recorderFor(options);
  return {
    name: "metrics",
    applyToStack(stack) {
      addTo(stack, { name: "metrics", step: "initialize" }, (next) => callMetrics(recorder, next));
      addTo(stack, AROUND_SIGNING, attemptMetrics);
    },
  };
}

function callMetrics(recorder: Recorder, next: CallHandler): CallHandler {
  return async function metricsCall(args) {
    const { call } = args;
    call.recorder = recorder;
    recorder.callStarted(call);
    try {
      const result = await next(args);
      const stream = call.attempts.at(-1)?.stream;
      if (stream === undefined) recordEnd(recorder, call, undefined);
      else stream.end.onEnd(() => recordStreamEnd(recorder, call));
      return result;
    } catch (error) {
      recordEnd(recorder, call, error);
      throw error;
    }
  };
}

function recordEnd(recorder: Recorder, call: Call, error: unknown): void {
  recorder.callEnded(call, classify(error, call.cancelled).outcome, call.attempts.at(-1));
}

/** By the time a stream ends, `errorMapper` has said how. */
function recordStreamEnd(recorder: Recorder, call: Call): void {
  const attempt = call.attempts.at(-1);
  recorder.callEnded(call, attempt?.outcome ?? "ok", attempt);
}

function attemptMetrics(next: CallHandler): CallHandler {
  return async function metricsAttempt(args) {
    const attempt = attemptOf(args);
    const { recorder } = args.call;
    recorder?.attemptStarted(attempt);
    try {
      const result = await next(args);
      if (attempt.stream === undefined) {
        attempt.end(undefined);
        recorder?.attemptEnded(attempt);
      } else {
        attempt.stream.end.onEnd((error) => {
          attempt.end(error);
          recorder?.attemptEnded(attempt);
        });
      }
      return result;
    } catch (error) {
      attempt.end(error);
      recorder?.attemptEnded(attempt);
      throw error;
    }
  };
}
