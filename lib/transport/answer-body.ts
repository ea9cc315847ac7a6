/** Memory is set aside for an announced body up to here, in bytes: beyond, a server has to send what it announces. */
const MAX_TRUSTED_BYTES = 1_048_576;

/**
 * The body of an answer, gathered from whatever pieces it comes in. It has memory of its own from its first byte to its
 * last, as the official client's has: users look at it as numbers, for which it must be aligned.
 */
export class AnswerBody {
  /** Bytes that have come. */
  length = 0;
  /** Its whole length, where that is known and may be believed. */
  readonly #bodyBytes: number | undefined;
  #whole: Uint8Array | undefined;
  readonly #pieces: Uint8Array[] = [];

  /** @param bodyBytes its length, where that is known */
  constructor(bodyBytes: number | undefined) {
    this.#bodyBytes = bodyBytes !== undefined && bodyBytes <= MAX_TRUSTED_BYTES ? bodyBytes : undefined;
  }

  /** Adds a copy of what lies between `start` and `end`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#bodyBytes === undefined) this.#pieces.push(copyOf(bytes, start, end));
    else if (end - start === this.#bodyBytes) this.#whole = copyOf(bytes, start, end);
    else {
      this.#whole ??= new Uint8Array(this.#bodyBytes);
      this.#whole.set(bytes.subarray(start, end), this.length);
    }
    this.length += end - start;
  }

  /** All of it, once it has come. */
  whole(): Uint8Array {
    if (this.#whole !== undefined) return this.#whole;
    if (this.#pieces.length === 1) return this.#pieces[0]!;
    const whole = new Uint8Array(this.length);
    let offset = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, offset);
      offset += piece.byteLength;
    }
    return whole;
  }
}

/** Not by `slice`, which of a `Buffer` is a view. */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start));
}
