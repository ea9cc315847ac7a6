import { AbortError } from "../errors/local-errors.ts";
import type { ByteStream } from "../transport/byte-stream.ts";
import { CancellableIterator } from "./cancellable-iterator.ts";
import { EventDecoder, type ResponseStreamContext } from "./event-decoder.ts";
import type { FrameLimits } from "./frame-reader.ts";
import { JsonLineSplitter } from "./json-lines.ts";
import { LineSplitter } from "./lines.ts";
import { maxLineBytesOf, type SplitOptions } from "./split-options.ts";
import type { Splitter } from "./splitter.ts";
import { type ServerSentEvent, SseSplitter } from "./sse.ts";
import type { ResponseStream } from "./types.ts";

/** Cancels the stream of a body that was dropped unread, once it is garbage: nothing else would end it. */
const abandoned = /* @__PURE__ */ new FinalizationRegistry<ByteStream>((bytes) => bytes.close());

/**
 * The answer of a model as it comes. It is read once, in one way: by `for await` over the body, which yields
 * the events of the official client, or by one of the helpers. Leaving a loop cancels the HTTP stream. Another
 * reader is refused with a TypeError, also after the end and after an error: what is left, nothing, would look
 * like an answer. One that was given up has no more events, and its `text()` is an AbortError.
 *
 * Reading throws the typed error of whatever broke the stream, once: `ModelStreamError` and
 * `InternalStreamFailure`, `SageMakerRuntimeServiceException` for other errors of the service,
 * `InvalidResponseError` for bytes that are no event stream or end too soon, and the transport's errors.
 */
export class ResponseStreamBody implements AsyncIterable<ResponseStream> {
  readonly #decoder: EventDecoder;
  #isTaken = false;
  /** An error was thrown to the reader: what is left of the answer must not look like an answer. */
  #isBroken = false;

  /** @param limits of one frame; the protocol's own by default */
  constructor(bytes: ByteStream, context: ResponseStreamContext, limits?: FrameLimits) {
    this.#decoder = new EventDecoder(bytes, context, limits);
    abandoned.register(this, bytes);
  }

  /** @throws {TypeError} for another reader */
  [Symbol.asyncIterator](): AsyncIterableIterator<ResponseStream, undefined> {
    return this.#handOut(this.#decoder.events());
  }

  /** The model's bytes, part by part. */
  payloads(): AsyncIterableIterator<Uint8Array, undefined> {
    return this.#handOut(this.#payloads());
  }

  /**
   * The whole answer as text. Bytes that are not UTF-8 become U+FFFD; a byte order mark is dropped. An answer
   * that is cancelled on the way is an AbortError, never a part that looks like the whole.
   */
  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const bytes of this.payloads()) text += decoder.decode(bytes, { stream: true });
    if (this.#decoder.isCancelled) {
      throw this.#decoder.toReaderError(new AbortError("the response stream was cancelled"));
    }
    return text + decoder.decode();
  }

  /** The lines of the answer, without their ends (LF or CRLF). A last line without an end is one too. */
  lines(options: SplitOptions = {}): AsyncIterableIterator<string, undefined> {
    return this.#handOut(this.#split(new LineSplitter(maxLineBytesOf(options), "lf")));
  }

  /**
   * The values of an answer in JSON Lines, one to a line; blank lines are skipped. `T` is the caller's word:
   * nothing checks it. A line that is not JSON is an InvalidResponseError.
   */
  jsonLines<T = unknown>(options: SplitOptions = {}): AsyncIterableIterator<T, undefined> {
    return this.#handOut(this.#split(new JsonLineSplitter<T>(maxLineBytesOf(options))));
  }

  /**
   * The server-sent events of the answer, interpreted as the WHATWG standard says. An event that lacks its
   * blank line at the very end is yielded too.
   */
  sse(options: SplitOptions = {}): AsyncIterableIterator<ServerSentEvent, undefined> {
    return this.#handOut(this.#split(new SseSplitter(maxLineBytesOf(options))));
  }

  /**
   * Waits for the first event, without taking it from whoever reads afterwards, or for the end.
   *
   * @throws what reading would throw; the stream is over then
   */
  async peek(): Promise<void> {
    if (this.#isTaken) throw alreadyRead();
    try {
      await this.#decoder.peek();
    } catch (error) {
      this.#isTaken = true;
      throw error;
    }
  }

  /** Gives the answer up: the HTTP stream is cancelled, and a loop that reads it ends. */
  cancel(): void {
    this.#decoder.cancel();
  }

  /**
   * Calls `listener` once the answer was read to its end, failed, or was left; at once where that was before.
   *
   * @internal
   */
  onEnd(listener: () => void): void {
    this.#decoder.onEnd(listener);
  }

  #handOut<T>(items: AsyncGenerator<T, undefined, undefined>): CancellableIterator<T> {
    const wasLeft = this.#decoder.isCancelled && !this.#isBroken;
    if (this.#isTaken && !wasLeft) throw alreadyRead();
    this.#isTaken = true;
    return new CancellableIterator(items, () => this.cancel());
  }

  async *#payloads(): AsyncGenerator<Uint8Array, undefined, undefined> {
    for await (const { PayloadPart } of this.#decoder.events()) yield PayloadPart.Bytes!;
  }

  async *#split<T>(splitter: Splitter<T>): AsyncGenerator<T, undefined, undefined> {
    try {
      for await (const bytes of this.#payloads()) {
        for (const item of splitter.push(bytes)) {
          yield item;
          if (this.#decoder.isCancelled) return;
        }
      }
      if (this.#decoder.isCancelled) return;
      for (const item of splitter.flush()) yield item;
    } catch (error) {
      this.#isBroken = true;
      this.cancel();
      throw this.#decoder.toReaderError(error);
    }
  }
}

function alreadyRead(): TypeError {
  return new TypeError("the response stream is read once, in one way: it was read before, or is being read");
}
