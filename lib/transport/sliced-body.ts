import { inSlices, SENDING, type SlicedWork } from "../sliced-work.ts";

/**
 * Payloads up to this size are handed to the socket in one piece, larger ones in pieces of it: the system copies at
 * once what its buffers take, and the event loop stands still meanwhile. Measured, smaller slices cost more CPU and stop
 * it for as long: by then, that is the hash of a slice.
 */
export const SEND_SLICE_BYTES = 1_048_576;

/** A large payload on its way out, a slice per turn of the event loop. It can be read again, for another attempt. */
export class SlicedBody implements AsyncIterable<Uint8Array> {
  readonly #bytes: Uint8Array;
  readonly #onSlice: () => void;

  /** @param onSlice called when the socket has taken a slice and the next one goes out */
  constructor(bytes: Uint8Array, onSlice: () => void) {
    this.#bytes = bytes;
    this.#onSlice = onSlice;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (let offset = 0; offset < this.#bytes.byteLength; offset += SEND_SLICE_BYTES) {
      await new Promise<void>((resolve) => inSlices(SENDING, new OneTurn(resolve)));
      this.#onSlice();
      yield this.#bytes.subarray(offset, offset + SEND_SLICE_BYTES);
    }
  }
}

/** A turn of the event loop to itself; what it is for follows in its microtasks. */
class OneTurn implements SlicedWork {
  isOver = false;
  readonly #begin: () => void;

  constructor(begin: () => void) {
    this.#begin = begin;
  }

  step(): void {
    this.isOver = true;
    this.#begin();
  }
}
