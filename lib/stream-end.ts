/** Told once, when the last byte of a streamed answer was read or the stream broke or was left. */
export type StreamEndListener = (error: unknown) => void;

/**
 * The end of a streamed answer, for layers that hold something until then (a permit, a gauge, a timer).
 * Buffered answers have none: there, `next` returning is the end.
 */
export class StreamEnd {
  #listeners: StreamEndListener[] = [];
  #ended = false;
  #error: unknown;

  /** Calls `listener` at the end, at once if that was before. Listeners must not throw. */
  onEnd(listener: StreamEndListener): void {
    if (this.#ended) listener(this.#error);
    else this.#listeners.push(listener);
  }

  /** Marks the end; `error` is `undefined` where the stream was read to its end or left on purpose. */
  settle(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    for (const listener of this.#listeners) listener(error);
    this.#listeners = [];
  }
}
