import type { Attempt } from "../attempt.ts";
import { sayAttempts } from "../call-metadata.ts";
import { attemptCancellationError } from "../errors/cancellation-error.ts";
import { withHistory } from "../errors/describe-failure.ts";
import { attemptOf, type CallArgs, type CallMiddleware, type CallResult } from "../types.ts";
import { noteExchange } from "./cancellable-handler.ts";
import { meaningOf, wasNeverSent } from "./error-meaning.ts";

/** Says in outputs and errors how many attempts there were, as the SDK's own retry does. */
export const countAttempts: CallMiddleware = (next) => {
  return async function countAttemptsOfCall(args) {
    const { call } = checked(args);
    try {
      const result = await next(args);
      if (result.output) sayAttempts(result.output, call);
      return result;
    } catch (error) {
      throw error instanceof Error ? withHistory(error, call) : error;
    }
  };
};

/** Opens each attempt, where the SDK's own retry makes them. */
export const startAttempt: CallMiddleware = (next) => {
  return function startOneAttempt(args) {
    const { call } = args;
    const attempt = call.startAttempt(call.attempts.length === 0 ? "first" : "retry");
    return next({ ...args, attempt });
  };
};

/** Says how an attempt ended. */
export const endAttempt: CallMiddleware = (next) => {
  return async function endOneAttempt(args) {
    const attempt = attemptOf(args);
    try {
      const result = await next(args);
      attempt.finish();
      return result;
    } catch (error) {
      attempt.isSignatureMended = isClockCorrected(error);
      attempt.end(meaningOf(error, attempt));
      throw error;
    }
  };
};

/** Says what is sent, and what the head of the answer is. */
export const exchange: CallMiddleware = (next) => {
  return async function exchangeOnce(args) {
    const attempt = attemptOf(args);
    // Nobody waits for it any more.
    if (attempt.cancelled !== undefined) throw attemptCancellationError(attempt);
    attempt.sent = true;
    if (args.request !== undefined) noteExchange(args.request, attempt);
    try {
      return noteAnswer(await next(args), attempt);
    } catch (error) {
      attempt.sent = !wasNeverSent(error);
      throw error;
    }
  };
};

function noteAnswer(result: CallResult, attempt: Attempt): CallResult {
  const { statusCode, headers } = result.response;
  attempt.answered(statusCode, headers);
  return result;
}

/** Whether the signature was refused for a date that the SDK's signer has put right since. */
function isClockCorrected(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { $metadata?: { clockSkewCorrected?: boolean } };
  return $metadata?.clockSkewCorrected === true;
}

/** A plug-in further out may have put args of its own in place of those that it was given. */
function checked(args: CallArgs): CallArgs {
  if (args.call !== undefined) return args;
  throw new TypeError(
    "a plug-in hands on args without `call`: with resilience(), it has to be next({ ...args })",
  );
}
