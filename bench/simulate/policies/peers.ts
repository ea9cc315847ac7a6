import { StandardRetryStrategy } from "@smithy/core/retry";
import {
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import type { Policy } from "./policy.ts";
import { type AttemptFailed, attemptOn, timedAttemptOn } from "./wire.ts";

export const noRetry: Policy = {
  name: "no retry",
  description: "one attempt, and nothing around it",
  packages: [],
  open: (world) => ({ call: (request) => timedAttemptOn(world, request) }),
};

export const fixedAttempts: Policy = {
  name: "fixed 3 attempts",
  description:
    "cockatiel's retry with exponential back-off around its timeout: 3 attempts, whatever the load",
  packages: ["cockatiel"],
  open(world) {
    const policy = wrap(
      retry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff() }),
      timeout(world.attemptTimeoutMs, TimeoutStrategy.Aggressive),
    );
    return {
      call: (request) => policy.execute(({ signal }) => attemptOn(world, request, signal), ofItsOwn()),
    };
  },
};

/** What its README begins with, and a timeout of each attempt. */
export const cockatielDefaults: Policy = {
  name: "cockatiel",
  description:
    "retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }), circuitBreaker(handleAll, { halfOpenAfter: " +
    "10 s, breaker: new ConsecutiveBreaker(5) }), timeout: as its README begins",
  packages: ["cockatiel"],
  open(world) {
    const policy = wrap(
      retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }),
      circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) }),
      timeout(world.attemptTimeoutMs, TimeoutStrategy.Aggressive),
    );
    return {
      call: (request) => policy.execute(({ signal }) => attemptOn(world, request, signal), ofItsOwn()),
    };
  },
};

/** The retry loop of its middleware, around its own strategy. */
export const awsBucket: Policy = {
  name: "aws-sdk",
  description: "the official client's standard retry strategy of 2026: 3 attempts, a bucket of 500 tokens",
  packages: ["@smithy/core"],
  open(world) {
    const strategy = new StandardRetryStrategy(3);
    return {
      async call(request) {
        let token = await strategy.acquireInitialRetryToken("simulated");
        for (;;) {
          try {
            await timedAttemptOn(world, request);
            strategy.recordSuccess(token);
            return;
          } catch (error) {
            try {
              token = await strategy.refreshRetryTokenForRetry(token, { errorType: errorTypeOf(error) });
            } catch {
              throw error;
            }
          }
        }
      },
    };
  },
};

/** As its service-error-classification has it: timeouts and 5xx are transient, and so is a lost connection. */
function errorTypeOf(error: unknown): "TRANSIENT" | "THROTTLING" {
  const { answer } = error as AttemptFailed;
  const isThrottled = answer !== "timeout" && answer.kind === "answered" && answer.status === 429;
  return isThrottled ? "THROTTLING" : "TRANSIENT";
}

/** A signal of the call's own: the one that cockatiel shares by default warns of the listeners of a busy process. */
function ofItsOwn(): AbortSignal {
  return new AbortController().signal;
}
