/**
 * A turn in which there was less to do is drawn out to this, in milliseconds. A loop that spins freely makes hundreds of
 * thousands of turns a second, and what each look leaves behind would have the collector run: the longest turn would be
 * the probe's own. A tenth of the millisecond that a stall is judged by.
 */
const SHORTEST_TURN_MS = 0.1;

/**
 * Finds the longest time in which the event loop did nothing but one turn: what anything else in the process would
 * have had to wait. It looks at every turn of the loop, where `monitorEventLoopDelay` asks a timer of a millisecond,
 * which can tell no delay from one of a millisecond. The loop never sleeps while it looks, so CPU time is not to be
 * measured at the same time.
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
    let now = performance.now();
    while (now - this.#lastTurnAt < SHORTEST_TURN_MS) now = performance.now();
    this.#longestMs = Math.max(this.#longestMs, now - this.#lastTurnAt);
    this.#lastTurnAt = now;
  }
}
