import { StreamEnd } from "../stream-end.ts";

/** What a {@link ByteStream} asks of the transport that feeds it. */
export interface ByteSource {
  /** Go on pushing: the reader has caught up after `push` said `false`. */
  resume(): void;
  /** Stop: the reader has left before the end. Called at most once, and not after `finish` or `fail`. */
  cancel(): void;
}

/** The transport is asked to pause while more than this is waiting for the reader, in bytes. */
export const HIGH_WATER_MARK_BYTES = 65_536;

/**
 * The bytes of an answer as they come, from a transport that pushes to one reader that pulls.
 *
 * {@link ByteStream.end} is settled by the reader: a stream that arrived whole may still turn out to be an
 * error when it is read, and what is counted is what the caller saw. Only a failure that nobody is there to
 * read, and the end of the call, are told at once.
 */
export class ByteStream implements AsyncIterableIterator<Uint8Array> {
  /** Settled when the reader got to the end, got an error, or left. */
  readonly end = new StreamEnd();
  /**
   * Makes the error that the reader and {@link end} get from the one that the transport failed with; asked
   * in the reader's frame. Until someone who knows the call sets it, errors are passed on as they are.
   */
  mapError: (error: unknown) => unknown = asItIs;
  /** Set when the caller of `send` has it. */
  isHandedOver = false;
  /** Set when a reader began. Looking ahead, at the first event, is none. */
  isTaken = false;
  readonly #source: ByteSource;
  #chunks: Uint8Array[] = [];
  /** Where in {@link #chunks} the next one stands: to shift one would move all the others. */
  #next = 0;
  #waitingBytes = 0;
  #isPaused = false;
  #hasReader = false;
  /** Nothing is pushed any more: ended, failed or closed. */
  #isComplete = false;
  #failure: { readonly error: unknown } | undefined;
  #isReading = false;
  /** Wakes the read that waits for bytes or for the end. */
  #wake: (() => void) | undefined;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * Whether no bytes are expected: the transport was asked to pause, or all have come. That silence is the
   * reader's, and no clock that watches the service may count it.
   */
  get isPaused(): boolean {
    return this.#isPaused || this.#isComplete;
  }

  /** Adds bytes; `false` asks to pause until {@link ByteSource.resume}. Does nothing after the end. */
  push(chunk: Uint8Array): boolean {
    if (this.#isComplete || chunk.length === 0) return !this.#isPaused;
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#isPaused = this.#waitingBytes > HIGH_WATER_MARK_BYTES;
    this.#wakeReader();
    return !this.#isPaused;
  }

  /** Says that all bytes were pushed. */
  finish(): void {
    this.#isComplete = true;
    this.#isPaused = false;
    this.#wakeReader();
  }

  /**
   * Says that no more bytes come, and why. The reader gets what was pushed before, then the error.
   *
   * @param isCancelled whether the call was ended, and no reader need say so
   */
  fail(error: unknown, isCancelled = false): void {
    if (this.#isComplete) return;
    this.#failure = { error };
    this.#finishUnread(error, isCancelled);
  }

  /**
   * The next bytes, or `undefined` at the end and after {@link close}. For a reader that has its own say on
   * how the stream ended, and closes it with that; any other iterates.
   *
   * @throws what {@link mapError} makes of the error that the transport failed with, once
   */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#isReading) throw new TypeError("the stream is being read: wait for the read before");
    this.#hasReader = true;
    if (this.#next === this.#chunks.length && !this.#isComplete) await this.#waitForBytes();
    const chunk = this.#takeChunk();
    if (chunk === undefined && this.#failure !== undefined) throw this.#takeFailure();
    return chunk;
  }

  /**
   * Ends the reading, with the error that the reader found in the bytes, if any. Bytes that wait are dropped,
   * a read in progress gets `undefined`, and the transport is cancelled unless it was done.
   */
  close(error?: unknown): void {
    const wasComplete = this.#isComplete;
    const failure = this.#takeFailure();
    this.#dropChunks();
    this.finish();
    this.end.settle(error ?? failure);
    if (!wasComplete) this.#source.cancel();
  }

  /** Ends the reading with an error, although more bytes, or all of them, are here. */
  abort(error: unknown): void {
    this.#dropChunks();
    this.#failure = { error };
    this.#finishUnread(error, true);
  }

  /** @throws {TypeError} for a second reader: the bytes are handed out once */
  [Symbol.asyncIterator](): this {
    if (this.#hasReader) throw new TypeError("the stream was read already: its bytes are handed out once");
    this.#hasReader = true;
    this.isTaken = true;
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      const value = await this.read();
      if (value !== undefined) return { done: false, value };
    } catch (error) {
      this.close(error);
      throw error;
    }
    this.close();
    return { done: true, value: undefined };
  }

  /** Leaves: the transport is cancelled. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.close();
    return { done: true, value: undefined };
  }

  #finishUnread(error: unknown, isCancelled: boolean): void {
    // A reader that is busy with what it has may never ask for more.
    const isSeen = this.#isReading || (this.isTaken && !isCancelled);
    this.finish();
    if (!isSeen) this.end.settle(this.mapError(error));
  }

  #dropChunks(): void {
    this.#chunks = [];
    this.#next = 0;
    this.#waitingBytes = 0;
  }

  #takeChunk(): Uint8Array | undefined {
    const chunk = this.#chunks[this.#next++];
    if (2 * this.#next >= this.#chunks.length) {
      this.#chunks = this.#chunks.slice(this.#next);
      this.#next = 0;
    }
    if (chunk === undefined) return undefined;
    this.#waitingBytes -= chunk.length;
    if (this.#isPaused && this.#waitingBytes <= HIGH_WATER_MARK_BYTES) {
      this.#isPaused = false;
      this.#source.resume();
    }
    return chunk;
  }

  #takeFailure(): unknown {
    if (this.#failure === undefined) return undefined;
    const { error } = this.#failure;
    this.#failure = undefined;
    return this.mapError(error);
  }

  async #waitForBytes(): Promise<void> {
    this.#isReading = true;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    this.#isReading = false;
  }

  #wakeReader(): void {
    this.#wake?.();
  }
}

function asItIs(error: unknown): unknown {
  return error;
}
