import type { Call, CallListener } from "../lib/call.ts";
import { classify } from "../lib/classify.ts";
import { addTo } from "../lib/layer.ts";
import type { MetricsOptions } from "../lib/metrics/options.ts";
import { recorderFor } from "../lib/metrics/recorder.ts";
import type { Outcome } from "../lib/outcome.ts";
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
  return function metricsCall(args) {
    const { call } = args;
    call.recorder = recorder;
    recorder.callStarted(call);
    call.onSettled(callCount);
    return next(args);
  };
}

/** Counts a call as its caller saw it. */
const callCount: CallListener = {
  callSettled(call, error) {
    const stream = error === undefined ? call.decidedBy?.stream : undefined;
    if (stream === undefined) {
      recordEnd(call, classify(error, call.cancelled).outcome);
      return;
    }
    const answeredAt = call.clock.now();
    // By the time a stream ends, `errorMapper` has said how.
    stream.end.onEnd(() => recordEnd(call, call.decidedBy?.outcome ?? "ok", answeredAt));
  },
};

function recordEnd(call: Call, outcome: Outcome, answeredAt?: number): void {
  call.recorder?.callEnded(call, outcome, call.decidedBy, answeredAt);
}

function attemptMetrics(next: CallHandler): CallHandler {
  return function metricsAttempt(args) {
    const { recorder } = args.call;
    if (recorder !== undefined) {
      const attempt = attemptOf(args);
      recorder.attemptStarted(attempt);
      attempt.onEnd(recorder);
    }
    return next(args);
  };
}
