import { derivedRandom } from "../../../lib/local/seeded-random.ts";

/**
 * One seed for everything, and a stream of its own for each use: what one policy draws more of shifts nothing for the
 * others. So all policies meet the same arrivals, and attempt `n` of a request takes the same time under each.
 */
export class RandomStreams {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  arrivals(): () => number {
    return derivedRandom(this.#seed, 0);
  }

  /** For libraries that draw from `Math.random`. */
  globals(): () => number {
    return derivedRandom(this.#seed, 1);
  }

  process(index: number): () => number {
    return derivedRandom(this.#seed ^ 0x5bd1e995, index);
  }

  /** What happens to one attempt of one request. */
  attempt(request: number, attempt: number): () => number {
    return derivedRandom(this.#seed ^ (attempt * 0x27d4eb2f), request);
  }
}
