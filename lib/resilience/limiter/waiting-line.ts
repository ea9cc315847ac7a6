import type { Waiter } from "./waiter.ts";

/** The waiters of one class and one tenant by age, linked so that one may leave from anywhere at no cost. */
export class WaitingLine {
  length = 0;
  #oldest: Waiter | undefined;
  #newest: Waiter | undefined;

  add(waiter: Waiter): void {
    waiter.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = waiter;
    else this.#newest.newer = waiter;
    this.#newest = waiter;
    this.length++;
  }

  get oldest(): Waiter | undefined {
    return this.#oldest;
  }

  get newest(): Waiter | undefined {
    return this.#newest;
  }

  remove(waiter: Waiter): void {
    const { older, newer } = waiter;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    waiter.older = undefined;
    waiter.newer = undefined;
    this.length--;
  }
}
