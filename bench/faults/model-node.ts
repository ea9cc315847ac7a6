/**
 * A machine with a model: workers behind a first-in, first-out queue without an end. It works through what it has
 * taken in, also for callers who are gone: SageMaker's containers are not told.
 */
export class ModelNode {
  workers: number;
  /** How many times as long as usual it takes. */
  slowness = 1;
  readonly #meanServiceMs: number;
  readonly #random: () => number;
  #busy = 0;
  #queue: (() => void)[] = [];

  /** @param meanServiceMs - of an exponential distribution */
  constructor(workers: number, meanServiceMs: number, random: () => number) {
    this.workers = workers;
    this.#meanServiceMs = meanServiceMs;
    this.#random = random;
  }

  /** Resolves when a call that comes now is served. */
  serve(): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push(resolve);
      this.startWaiting();
    });
  }

  /** Gives work to idle workers. Call it after `workers` has grown. */
  startWaiting(): void {
    while (this.#busy < this.workers) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#busy++;
      setTimeout(() => this.#finish(next), this.#serviceMs()).unref();
    }
  }

  #finish(resolve: () => void): void {
    this.#busy--;
    resolve();
    this.startWaiting();
  }

  #serviceMs(): number {
    return -Math.log(1 - this.#random()) * this.#meanServiceMs * this.slowness;
  }
}
