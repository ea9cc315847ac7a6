import type { Attempt } from "../lib/attempt.ts";
import { layer } from "../lib/layer.ts";
import { joinQueue, leaveQueue } from "../lib/resilience/limiter/attempt-queue.ts";
import { ConcurrencyLimiter } from "../lib/resilience/limiter/concurrency-limiter.ts";
import { HeldPermit } from "../lib/resilience/limiter/held-permit.ts";
import { resolveLimiter } from "../lib/resilience/limiter/limiter-settings.ts";
import type { ConcurrencyLimitOptions } from "../lib/resilience/limiter/options.ts";
import { NO_PERMIT } from "../lib/resilience/limiter/permit.ts";
import { type Exhibition, PerTarget } from "../lib/resilience/per-target.ts";
import { defaultSeams, type Seams } from "../lib/seams.ts";
import { attemptOf, type CallArgs, type TunableLayer } from "../lib/types.ts";

/**
 * What a layer outside of this one must have taken to count as a wait, in milliseconds. Below it, it is the time of
 * the layers themselves.
 */
const LEAST_WAIT_MS = 1;

const IN_METRICS: Exhibition<ConcurrencyLimiter> = {
  show: (recorder, limiter) => recorder.limiterCreated(limiter),
  hide: (recorder, limiter) => recorder.limiterRemoved(limiter),
};

/** A {@link concurrencyLimit} layer, and the limiters behind it. */
export interface ConcurrencyLimitLayer extends TunableLayer<ConcurrencyLimitOptions | number> {
  /** The limiters of this layer, one per target that was called. */
  readonly limiters: Iterable<ConcurrencyLimiter>;
  /** Forgets every limiter, so that no registry goes on showing those of a client that was closed. */
  forgetAll(): void;
}

/**
 * Bounds how many attempts are in flight to a target, by what the target can take; the rest wait in a bounded
 * queue, and what is too much for that is refused at once. A stream holds its permit until it has ended.
 *
 * Place it inside `circuitBreaker`, so that nobody queues for a target that is down, and outside signing: a
 * signature ages in a queue.
 *
 * @param options a number is a fixed limit
 * @throws {RangeError} for an option out of range
 */
export function concurrencyLimit(
  options: ConcurrencyLimitOptions | number = {},
  seams: Partial<Seams> = {},
): ConcurrencyLimitLayer {
  const { clock } = { ...defaultSeams, ...seams };
  let settings = resolveLimiter(options, clock);
  const limiters = new PerTarget<ConcurrencyLimiter>(settings.maxTargets, IN_METRICS);

  function limiterOf({ call, target }: Attempt): ConcurrencyLimiter {
    const key = settings.key(target);
    return limiters.get(key) ?? limiters.add(key, new ConcurrencyLimiter(target, settings), call.recorder);
  }

  const { name, applyToStack } = layer({ name: "concurrencyLimit", step: "finalizeRequest" }, (next) => {
    return function concurrencyLimitAttempt(args) {
      const { call } = args;
      const attempt = attemptOf(args);
      const limiter = limiterOf(attempt);
      if (attempt.kind !== "hedge") call.limiter = limiter;
      const permit = limiter.tryAcquire(call.settings.fairnessKey);
      if (permit === NO_PERMIT) return sendAfterQueue(args, attempt, limiter);
      noteWait(attempt);
      attempt.onEnd(new HeldPermit(limiter, permit));
      return next(args);
    };

    function sendAfterQueue(args: CallArgs, attempt: Attempt, limiter: ConcurrencyLimiter) {
      const waiter = joinQueue(limiter, attempt);
      return waiter.end.then((end) => {
        attempt.onEnd(new HeldPermit(limiter, leaveQueue(limiter, attempt, waiter, end)));
        return next(args);
      });
    }
  });
  return {
    name,
    applyToStack,
    limiters,
    prepare(changed) {
      const checked = resolveLimiter(changed, clock);
      return () => {
        settings = checked;
        limiters.resize(checked.maxTargets);
        for (const limiter of limiters) limiter.retune(checked);
        limiters.show(true);
      };
    },
    switchOff: () => limiters.show(false),
    forgetAll: () => limiters.forgetAll(),
  };
}

/** Of an attempt that got its permit at once: a layer outside may have held it up since it began. */
function noteWait(attempt: Attempt): void {
  const now = attempt.call.clock.now();
  if (now - attempt.startedAt >= LEAST_WAIT_MS) attempt.admittedAt = now;
}
