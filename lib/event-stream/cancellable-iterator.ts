/**
 * An async generator that can be left at any moment. A bare generator runs its `finally` only once it was
 * started, and queues `return()` behind a `next()` that still waits for the network: a `Readable.from(...)`
 * destroyed early would leave the HTTP stream open.
 */
export class CancellableIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: AsyncGenerator<T, undefined, undefined>;
  readonly #cancel: () => void;

  /** @param cancel ends what the generator waits for, so that a `next()` in progress settles */
  constructor(source: AsyncGenerator<T, undefined, undefined>, cancel: () => void) {
    this.#source = source;
    this.#cancel = cancel;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#source.next();
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#cancel();
    return this.#source.return(undefined);
  }
}
