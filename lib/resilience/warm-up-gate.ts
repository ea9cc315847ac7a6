import type { Cancellable, CancelScope } from "../cancellation.ts";
import type { Clock, Timer } from "../clock.ts";

/** Waiters released at once when the model turns out to be ready; each later batch is twice the size. */
const FIRST_BATCH = 8;
/** Pause between batches in milliseconds: a thousand waiters are through in less than half a second. */
const BATCH_PAUSE_MS = 50;
/** Time for a waiter that was let out to ask, in milliseconds. */
const REASK_MS = 1_000;

/** Whoever waits. */
interface Caller extends CancelScope {
  /** {@link Clock.now} by which it gives up by itself, which changes where others come to share it. @default never */
  readonly deadlineAt?: number;
}

/**
 * Where the callers of a target wait while its model is loading. One of them at a time is let out to ask;
 * when the model answers, the others follow in growing batches, so that a model that has just been loaded
 * is not met by all of them at once.
 *
 * The gate says when to try, not what comes of it: whoever leaves it asks the breaker. It has a timer only
 * while somebody waits.
 */
export class WarmUpGate {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #isClosed = false;
  /** {@link Clock.now} at which one may ask. */
  #probeAt: number | undefined;
  #timer: Timer;
  #batch = FIRST_BATCH;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether callers should wait here. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** When the next waiter is let out to ask, in milliseconds from now. */
  msUntilProbe(): number {
    return this.#probeAt === undefined ? 0 : Math.max(0, this.#probeAt - this.#clock.now());
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** Closes the gate and lets one waiter out to ask the model in `delayMs`. */
  probeAfter(delayMs: number): void {
    this.#isClosed = true;
    this.#probeAt = this.#clock.now() + delayMs;
    this.#armProbe();
  }

  /**
   * Opens the gate. `ready`: the model answered, the waiters leave in batches. `failure`: the target is
   * down for another reason, which nobody waits for: they leave at once and are refused.
   */
  openFor(reason: "ready" | "failure"): void {
    this.#isClosed = false;
    this.#probeAt = undefined;
    this.#batch = reason === "ready" ? FIRST_BATCH : this.#waiters.size;
    this.releaseBatch();
  }

  /**
   * Waits to be let out, at most `maxWaitMs`, or until `scope` is cancelled.
   *
   * @param probeInMs when the breaker lets the next probe through; 0 while one is in flight, whose end will
   * say. It counts where the gate has no time of its own: after a restart, or where a timer fired too early.
   */
  async wait(scope: Caller, maxWaitMs: number, probeInMs: number): Promise<void> {
    if (scope.cancelled !== undefined) return;
    const waiter = new Waiter(this.#clock, maxWaitMs, scope);
    this.#waiters.add(waiter);
    if (this.#probeAt === undefined && probeInMs > 0) this.probeAfter(probeInMs);
    else if (this.#timer === undefined) this.#armProbe();
    scope.running = waiter;
    await waiter.released;
    scope.running = undefined;
    this.#waiters.delete(waiter);
    if (this.#waiters.size === 0) this.#stopTimer();
  }

  /**
   * A waiter who has time for an answer leaves to ask. Should it not get that far, another one leaves a second later: while the
   * question is open, the breaker refuses that one and it comes back.
   */
  releaseProbe(): void {
    this.#timer = undefined;
    this.#release(this.#nextToAsk());
    this.probeAfter(REASK_MS);
  }

  /** A batch of waiters leaves, and the next one, twice that size, a moment later. */
  releaseBatch(): void {
    this.#stopTimer();
    for (let i = 0; i < this.#batch; i++) this.#release(first(this.#waiters));
    this.#batch *= 2;
    if (this.#waiters.size > 0) this.#timer = this.#clock.setTimeout(releaseBatch, BATCH_PAUSE_MS, this);
  }

  /**
   * The oldest of those who can wait at least half as long as whoever can wait longest: the oldest of all may give up
   * before it is answered. Who has asked is the newest again, so they take turns.
   */
  #nextToAsk(): Waiter | undefined {
    const now = this.#clock.now();
    let longest = now;
    for (const { leavesAt } of this.#waiters) longest = Math.max(longest, leavesAt);
    for (const waiter of this.#waiters) {
      if (waiter.leavesAt - now >= (longest - now) / 2) return waiter;
    }
    return undefined;
  }

  #release(waiter: Waiter | undefined): void {
    if (waiter === undefined) return;
    this.#waiters.delete(waiter);
    waiter.release();
  }

  #armProbe(): void {
    this.#stopTimer();
    if (this.#waiters.size === 0 || this.#probeAt === undefined) return;
    // A timer counts whole milliseconds and may be a fraction early; the breaker would refuse the question.
    const delayMs = Math.max(0, Math.ceil(this.#probeAt - this.#clock.now()) + 1);
    this.#timer = this.#clock.setTimeout(releaseProbe, delayMs, this);
  }

  #stopTimer(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  for (const element of set) return element;
  return undefined;
}

function releaseProbe(gate: WarmUpGate): void {
  gate.releaseProbe();
}

function releaseBatch(gate: WarmUpGate): void {
  gate.releaseBatch();
}

class Waiter implements Cancellable {
  readonly released: Promise<void>;
  readonly #caller: Caller;
  readonly #waitsUntil: number;
  readonly #clock: Clock;
  readonly #timer: Timer;
  #resolve!: () => void;

  constructor(clock: Clock, maxWaitMs: number, caller: Caller) {
    this.#clock = clock;
    this.#caller = caller;
    this.#waitsUntil = clock.now() + maxWaitMs;
    this.released = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = Number.isFinite(maxWaitMs) ? clock.setTimeout(releaseWaiter, maxWaitMs, this) : undefined;
  }

  /** {@link Clock.now} by which it, or its caller, gives up. */
  get leavesAt(): number {
    return Math.min(this.#waitsUntil, this.#caller.deadlineAt ?? Number.POSITIVE_INFINITY);
  }

  cancel(): void {
    this.release();
  }

  release(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#resolve();
  }
}

function releaseWaiter(waiter: Waiter): void {
  waiter.release();
}
