import type { ResponseMetadata } from "@smithy/types";
import { InvalidResponseError } from "../errors/local-errors.ts";
import type { ByteStream } from "../transport/byte-stream.ts";
import { eventOf } from "./events.ts";
import { type FrameLimits, FrameReader } from "./frame-reader.ts";
import type { ResponseStream } from "./types.ts";

/** What a response stream knows of the call that it answers. */
export interface ResponseStreamContext {
  /** Status and request id of the answer; errors of the stream carry it. */
  readonly $metadata: ResponseMetadata;
  /**
   * The error for the reader. It gets whatever ended the stream: a failure of the transport becomes a typed
   * error; an error that is typed already comes back as it is, with what only the call knows added. It is
   * called in the reader's async frame, and may be given its own result again.
   */
  mapError(error: unknown): Error;
}

type Part = ResponseStream.PayloadPartMember;

/** Turns the bytes of a response stream into its events, and ends the byte stream with what it found. */
export class EventDecoder {
  readonly #bytes: ByteStream;
  readonly #context: ResponseStreamContext;
  readonly #reader: FrameReader;
  readonly #parts: AsyncGenerator<Part, undefined, undefined>;
  /** The first event, where `peek` read it ahead. */
  #peeked: Promise<IteratorResult<Part, undefined>> | undefined;
  #isOver = false;
  #isCancelled = false;

  constructor(bytes: ByteStream, context: ResponseStreamContext, limits: FrameLimits | undefined) {
    this.#bytes = bytes;
    this.#context = context;
    this.#reader = new FrameReader(limits);
    this.#parts = this.#decode();
    bytes.mapError = (error) => context.mapError(error);
  }

  /** Given up before the end. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** See {@link StreamEnd.onEnd}. */
  onEnd(listener: () => void): void {
    this.#bytes.end.onEnd(listener);
  }

  /** The events, the one that was peeked at included. There is one sequence, whoever asks for it. */
  events(): AsyncGenerator<Part, undefined, undefined> {
    this.#bytes.isTaken = true;
    return this.#peeked === undefined ? this.#parts : this.#replay(this.#peeked);
  }

  /** Reads the first event ahead. */
  async peek(): Promise<void> {
    this.#peeked ??= this.#parts.next();
    await this.#peeked;
  }

  /** Ends a read that waits, and everything after it. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isCancelled = true;
    this.#finish(undefined);
  }

  /** The error for the reader, completed with what is known of the call. */
  toReaderError(error: unknown): Error {
    if (error instanceof InvalidResponseError) error.$metadata = this.#context.$metadata;
    return this.#context.mapError(error);
  }

  async *#decode(): AsyncGenerator<Part, undefined, undefined> {
    try {
      for (let chunk = await this.#bytes.read(); chunk !== undefined; chunk = await this.#bytes.read()) {
        for (const frame of this.#reader.push(chunk)) {
          const event = eventOf(frame, this.#context.$metadata);
          if (event !== undefined) yield event;
          if (this.#isCancelled) return;
        }
      }
      if (!this.#isCancelled) this.#reader.finish();
      this.#finish(undefined);
    } catch (error) {
      const readerError = this.toReaderError(error);
      this.#finish(readerError);
      throw readerError;
    }
  }

  async *#replay(
    peeked: Promise<IteratorResult<Part, undefined>>,
  ): AsyncGenerator<Part, undefined, undefined> {
    const first = await peeked;
    if (!first.done) yield first.value;
    yield* this.#parts;
  }

  #finish(error: Error | undefined): void {
    this.#isOver = true;
    this.#peeked = undefined;
    this.#bytes.close(error);
  }
}
