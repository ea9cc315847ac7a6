import type { Attempt } from "../lib/attempt.ts";
import type { Call } from "../lib/call.ts";
import { ModelNotReadyException } from "../lib/errors/service-errors.ts";
import { layer } from "../lib/layer.ts";
import type { Recorder } from "../lib/recorder.ts";
import { Breaker, REFUSED } from "../lib/resilience/breaker.ts";
import { resolveBreaker } from "../lib/resilience/breaker-settings.ts";
import { Keyed } from "../lib/resilience/keyed.ts";
import type { CircuitBreakerOptions } from "../lib/resilience/options.ts";
import { defaultSeams, type Seams } from "../lib/seams.ts";
import { attemptOf, type Layer } from "../lib/types.ts";

/** A {@link circuitBreaker} layer, and the breakers behind it. */
export interface CircuitBreakerLayer extends Layer {
  /** The breakers of this layer, one per target that was called. */
  readonly breakers: Iterable<Breaker>;
  /** Forgets every breaker, so that no registry goes on showing those of a client that was closed. */
  forgetAll(): void;
}

/**
 * Refuses attempts while their target is down, so that neither the target nor the caller pays for them.
 * Place it inside `retry` (each attempt counts) and outside signing (a refusal costs nothing).
 *
 * While a model is being loaded the refusal is a ModelNotReadyException, which `retry` may wait for; for any
 * other reason it is a CircuitOpenError, which nobody waits for.
 *
 * @throws {RangeError} for an option out of range
 */
export function circuitBreaker(
  options: CircuitBreakerOptions = {},
  seams: Partial<Seams> = {},
): CircuitBreakerLayer {
  const settings = resolveBreaker(options, { ...defaultSeams, ...seams });
  let recorder: Recorder | undefined;
  const breakers = new Keyed<Breaker>(settings.maxTargets, (evicted) => {
    evicted.gate.openFor("failure");
    recorder?.breakerRemoved(evicted);
  });

  function breakerOf(call: Call): Breaker {
    const key = settings.key(call.target);
    const known = breakers.get(key);
    if (known !== undefined) return known;
    recorder = call.recorder;
    const breaker = new Breaker(call.target, settings);
    recorder?.breakerCreated(breaker);
    return breakers.add(key, breaker);
  }

  const { name, applyToStack } = layer({ name: "circuitBreaker", step: "finalizeRequest" }, (next) => {
    return async function circuitBreakerAttempt(args) {
      const attempt = attemptOf(args);
      const breaker = breakerOf(args.call);
      args.call.gate = breaker.gate;
      const permit = breaker.admit();
      if (permit === REFUSED) throw refusalOf(breaker, attempt);
      try {
        const result = await next(args);
        settleSuccess(breaker, permit, attempt, settings.slowCallMs);
        return result;
      } catch (error) {
        breaker.settle(permit, attempt.end(error).breaker);
        throw error;
      }
    };
  });
  return { name, applyToStack, breakers, forgetAll: () => breakers.clear() };
}

function settleSuccess(breaker: Breaker, permit: number, attempt: Attempt, slowCallMs: number): void {
  const isSlow = attempt.call.clock.now() - attempt.startedAt >= slowCallMs;
  breaker.settle(permit, isSlow ? "failure" : "success");
  // A stream has answered by now, and may still break: that is a failure of its own.
  attempt.stream?.end.onEnd((error) => {
    if (error !== undefined) breaker.report(permit, attempt.end(error).breaker);
  });
}

function refusalOf(breaker: Breaker, attempt: Attempt): Error {
  attempt.isRefused = true;
  const refusal = breaker.refusal();
  if (refusal.openCause !== "notReady") return refusal;
  const message = `The model of ${refusal.endpoint} is being loaded; nothing was sent`;
  const error = new ModelNotReadyException({ message, $metadata: {} });
  error.cause = refusal;
  return error;
}
