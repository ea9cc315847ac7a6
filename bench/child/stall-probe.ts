/**
 * After a turn shorter than this, in milliseconds, the loop sleeps for as long. One that spins freely makes hundreds
 * of thousands of turns a second, and what each look leaves behind would have the collector run: the longest turn would be
 * the probe's own. So would a wait that asks the clock over and over: each answer is a number on the heap.
 */
const NAP_MS = 0.1;

/** Nobody ever wakes who waits for it. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/**
 * Finds the longest time in which the event loop did nothing but one turn: what anything else in the process would
 * have had to wait. It looks at every turn of the loop, where `monitorEventLoopDelay` asks a timer of a millisecond,
 * which can tell no delay from one of a millisecond. The loop never waits for input meanwhile, so CPU time and latency are not
 * to be measured at the same time.
 */
export class StallProbe {
  #longestMs = 0;
  #lastTurnAt = performance.now();
  #immediate: NodeJS.Immediate | undefined;

  start(): void {
    this.#lastTurnAt = performance.now();
    this.#longestMs = 0;
    this.#immediate = setImmediate(this.#look);
  }

  /** Stops looking, and returns the longest turn in milliseconds. */
  stop(): number {
    this.#note();
    clearImmediate(this.#immediate);
    return this.#longestMs;
  }

  readonly #look = (): void => {
    this.#note();
    this.#immediate = setImmediate(this.#look);
  };

  #note(): void {
    const turnMs = performance.now() - this.#lastTurnAt;
    this.#longestMs = Math.max(this.#longestMs, turnMs);
    if (turnMs < NAP_MS) Atomics.wait(NEVER, 0, 0, NAP_MS);
    this.#lastTurnAt = performance.now();
  }
}
