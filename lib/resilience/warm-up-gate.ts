import type { Cancellable, CancelScope } from "../cancellation.ts";
import type { Clock, Timer } from "../clock.ts";

/** Waiters released at once when the model turns out to be ready; each later batch is twice the size. */
const FIRST_BATCH = 8;
/** Pause between batches in milliseconds: a thousand waiters are through in less than half a second. */
const BATCH_PAUSE_MS = 50;

/**
 * Where the callers of a target wait while its model is loading. One of them at a time is let out to ask;
 * when the model answers, the others follow in growing batches, so that a model that has just been loaded
 * is not met by all of them at once.
 *
 * The gate says when to try, not what comes of it: whoever leaves it asks the breaker.
 */
export class WarmUpGate {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #isClosed = false;
  #timer: Timer;
  #batch = FIRST_BATCH;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether callers should wait here. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** Closes the gate and lets one waiter out to ask the model in `delayMs`. */
  probeAfter(delayMs: number): void {
    this.#isClosed = true;
    this.#restartTimer(delayMs, releaseProbe);
  }

  /**
   * Opens the gate. `ready`: the model answered, the waiters leave in batches. `failure`: the target is
   * down for another reason, which nobody waits for: they leave at once and are refused.
   */
  openFor(reason: "ready" | "failure"): void {
    this.#isClosed = false;
    this.#batch = reason === "ready" ? FIRST_BATCH : this.#waiters.size;
    this.releaseBatch();
  }

  /**
   * Waits to be let out, at most `maxWaitMs`, or until `scope` is cancelled.
   *
   * @param probeInMs when the breaker lets the next probe through; 0 while one is in flight, whose end will
   * say. It starts the timer where none runs: after a restart, or where a timer fired a moment too early.
   */
  async wait(scope: CancelScope, maxWaitMs: number, probeInMs: number): Promise<void> {
    if (scope.cancelled !== undefined) return;
    const waiter = new Waiter(this.#clock, maxWaitMs, this.#waiters);
    this.#waiters.add(waiter);
    if (this.#timer === undefined && probeInMs > 0) this.probeAfter(probeInMs);
    scope.running = waiter;
    await waiter.released;
    scope.running = undefined;
  }

  /** The next waiter leaves to ask. With nobody waiting, the next call to come asks by itself. */
  releaseProbe(): void {
    this.#timer = undefined;
    this.#first()?.release();
  }

  /** A batch of waiters leaves, and the next one twice that size a moment later. */
  releaseBatch(): void {
    this.#restartTimer(undefined, releaseProbe);
    for (let i = 0; i < this.#batch; i++) this.#first()?.release();
    this.#batch *= 2;
    if (this.#waiters.size > 0) this.#restartTimer(BATCH_PAUSE_MS, releaseBatch);
  }

  #first(): Waiter | undefined {
    for (const waiter of this.#waiters) return waiter;
    return undefined;
  }

  #restartTimer(delayMs: number | undefined, fire: (gate: WarmUpGate) => void): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    const isNeeded = delayMs !== undefined;
    this.#timer = isNeeded ? this.#clock.setTimeout(fire, delayMs, this) : undefined;
  }
}

function releaseProbe(gate: WarmUpGate): void {
  gate.releaseProbe();
}

function releaseBatch(gate: WarmUpGate): void {
  gate.releaseBatch();
}

class Waiter implements Cancellable {
  readonly released: Promise<void>;
  readonly #clock: Clock;
  readonly #queue: Set<Waiter>;
  readonly #timer: Timer;
  #resolve!: () => void;

  constructor(clock: Clock, maxWaitMs: number, queue: Set<Waiter>) {
    this.#clock = clock;
    this.#queue = queue;
    this.released = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = Number.isFinite(maxWaitMs) ? clock.setTimeout(releaseWaiter, maxWaitMs, this) : undefined;
  }

  cancel(): void {
    this.release();
  }

  release(): void {
    this.#queue.delete(this);
    this.#clock.clearTimeout(this.#timer);
    this.#resolve();
  }
}

function releaseWaiter(waiter: Waiter): void {
  waiter.release();
}
