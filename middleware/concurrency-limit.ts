import type { Attempt, AttemptListener } from "../lib/attempt.ts";
import type { Classification } from "../lib/classify-table.ts";
import { attemptCancellationError } from "../lib/errors/cancellation-error.ts";
import { ConcurrencyLimitError } from "../lib/errors/concurrency-limit-error.ts";
import { TimeoutError } from "../lib/errors/local-errors.ts";
import { layer } from "../lib/layer.ts";
import type { Outcome } from "../lib/outcome.ts";
import type { Recorder } from "../lib/recorder.ts";
import { Keyed } from "../lib/resilience/keyed.ts";
import { ConcurrencyLimiter } from "../lib/resilience/limiter/concurrency-limiter.ts";
import type { EndSign } from "../lib/resilience/limiter/limit.ts";
import { resolveLimiter } from "../lib/resilience/limiter/limiter-settings.ts";
import type { ConcurrencyLimitOptions } from "../lib/resilience/limiter/options.ts";
import { NO_PERMIT } from "../lib/resilience/limiter/permit.ts";
import type { WaitEnd, Waiter } from "../lib/resilience/limiter/waiter.ts";
import { defaultSeams, type Seams } from "../lib/seams.ts";
import { attemptOf, type CallArgs, type TunableLayer } from "../lib/types.ts";

/**
 * What a layer outside of this one must have taken to count as a wait, in milliseconds. Below it, it is the time of
 * the layers themselves.
 */
const LEAST_WAIT_MS = 1;

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
  let recorder: Recorder | undefined;
  let isShown = true;
  const limiters = new Keyed<ConcurrencyLimiter>(settings.maxTargets, (evicted) =>
    recorder?.limiterRemoved(evicted),
  );

  function limiterOf({ call, target }: Attempt): ConcurrencyLimiter {
    const key = settings.key(target);
    const known = limiters.get(key);
    if (known !== undefined) return known;
    recorder = call.recorder;
    const limiter = new ConcurrencyLimiter(target, settings);
    if (isShown) recorder?.limiterCreated(limiter);
    return limiters.add(key, limiter);
  }

  function show(shouldShow: boolean): void {
    if (shouldShow === isShown) return;
    isShown = shouldShow;
    for (const limiter of limiters) {
      if (isShown) recorder?.limiterCreated(limiter);
      else recorder?.limiterRemoved(limiter);
    }
  }

  /** Joins the queue, or throws the error of an attempt that may not. */
  function queueFor(limiter: ConcurrencyLimiter, attempt: Attempt): Waiter {
    const { priority, fairnessKey } = attempt.call.settings;
    if (attempt.cancelled !== undefined) throw refuse(limiter, attempt, "cancelled");
    const waiter = limiter.enqueue(priority, fairnessKey, attempt.call);
    if (waiter === undefined) throw refuse(limiter, attempt, "full");
    attempt.running = waiter;
    return waiter;
  }

  /** The permit that the wait ended with, or throws the error of an attempt that goes without. */
  function admitted(limiter: ConcurrencyLimiter, attempt: Attempt, waiter: Waiter, end: WaitEnd): number {
    const { settings: own, clock, recorder: counts } = attempt.call;
    attempt.running = undefined;
    attempt.admittedAt = clock.now();
    counts?.queued(attempt.call, attempt.admittedAt - waiter.queuedAt);
    if (typeof end !== "number") throw refuse(limiter, attempt, end, waiter.timeoutMs);
    if (attempt.cancelled === undefined) return end;
    // Cancelled in the very tick in which it got its permit.
    limiter.release(end, own.fairnessKey, attempt.admittedAt, undefined, 0, attempt.admittedAt);
    throw refuse(limiter, attempt, "cancelled");
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
      const waiter = queueFor(limiter, attempt);
      return waiter.end.then((end) => {
        attempt.onEnd(new HeldPermit(limiter, admitted(limiter, attempt, waiter, end)));
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
        show(true);
      };
    },
    switchOff: () => show(false),
    forgetAll() {
      limiters.clear();
      // Nor what is made yet, by a call that a layer outside has held up.
      isShown = false;
    },
  };
}

/** Why an attempt goes without a permit. */
type Refusal = Exclude<WaitEnd, number> | "full";

/** @param queueTimeoutMs how long it was to wait at the most, where that is why */
function refuse(limiter: ConcurrencyLimiter, attempt: Attempt, end: Refusal, queueTimeoutMs = 0): Error {
  attempt.isRefused = true;
  attempt.call.withdraw(attempt);
  const error = refusalOf(limiter, attempt, end, queueTimeoutMs);
  attempt.end(error);
  return error;
}

function refusalOf(
  limiter: ConcurrencyLimiter,
  attempt: Attempt,
  end: Refusal,
  queueTimeoutMs: number,
): Error {
  const { call } = attempt;
  if (end === "cancelled") return attemptCancellationError(attempt);
  call.recorder?.queueRejected(call, end === "expired" ? "timeout" : end);
  if (end === "expired") return new TimeoutError("queue", queueTimeoutMs);
  const refusal = end === "full" ? "queueFull" : "shed";
  return new ConcurrencyLimitError(attempt.target, refusal, limiter.limit, limiter.retryAfterMs());
}

/** Of an attempt that got its permit at once: a layer outside may have held it up since it began. */
function noteWait(attempt: Attempt): void {
  const now = attempt.call.clock.now();
  if (now - attempt.startedAt >= LEAST_WAIT_MS) attempt.admittedAt = now;
}

/** A permit that goes back when its attempt has ended. */
class HeldPermit implements AttemptListener {
  readonly #limiter: ConcurrencyLimiter;
  #permit: number;

  constructor(limiter: ConcurrencyLimiter, permit: number) {
    this.#limiter = limiter;
    this.#permit = permit;
  }

  /** How long a stream goes on is the model's affair: it is the head of an answer that load delays. */
  streamBegan({ admittedAt, headersAt }: Attempt): void {
    this.#permit = this.#limiter.answered(this.#permit, admittedAt, headersAt - admittedAt);
  }

  attemptEnded({ admittedAt, headersAt, endedAt, statusCode, call, classification, outcome }: Attempt): void {
    const latencyMs = (headersAt === 0 ? endedAt : headersAt) - admittedAt;
    const sign = signOf(classification, outcome, statusCode !== 0);
    this.#limiter.release(this.#permit, call.settings.fairnessKey, admittedAt, sign, latencyMs, endedAt);
  }
}

function signOf(
  end: Classification | undefined,
  outcome: Outcome | undefined,
  isHeard: boolean,
): EndSign | undefined {
  if (end?.isOverload === true) return end.breaker === "timeout" && !isHeard ? "silent" : "overloaded";
  return outcome === "ok" ? "answered" : undefined;
}
