import type { HeaderBag } from "@smithy/types";
import type { Dispatcher } from "undici";
import type { Attempt } from "../attempt.ts";
import type { Cancellable } from "../cancellation.ts";
import type { CallResult } from "../types.ts";
import type { AnswerHeaders } from "./answer-headers.ts";
import { ByteStream } from "./byte-stream.ts";
import { isSocketFailure } from "./socket-failure.ts";

/** undici wants an error to abort with; nobody sees this one, the attempt says why it was cancelled. */
const CANCELLED = new Error("cancelled");

/** Largest error answer that is read, in bytes: the service's own are a few thousand. */
const MAX_ERROR_BODY_BYTES = 1_048_576;

const NO_BYTES = new Uint8Array(0);

/** What is known of the connection that an exchange runs on. */
export interface Connection {
  /** Exchanges that were begun on its current socket. */
  served: number;
  /** Closes it at once, whatever it is doing. */
  abandon(): void;
}

/** What the exchanges of one transport have in common. */
export interface ExchangeHost {
  readonly answerHeaders: AnswerHeaders;
  /** Sends an exchange once more, on a socket that has carried nothing. */
  sendAgain(exchange: Exchange): void;
}

/**
 * One HTTP exchange of one attempt. Its promise settles exactly once.
 *
 * It is a handler as undici's own client calls it (`onConnect`, `onHeaders`...). The newer kind of handler is put
 * around such a one, and costs each exchange two objects and a look at every header.
 */
export class Exchange implements Dispatcher.DispatchHandler, Cancellable {
  readonly result: Promise<CallResult>;
  readonly options: Dispatcher.DispatchOptions;
  /** Whether it may only run on a socket that has carried nothing. */
  needsFreshSocket = false;
  /** Whether it ended: answered to the last byte, failed or cancelled. */
  isOver = false;
  readonly #attempt: Attempt;
  readonly #host: ExchangeHost;
  #resolve!: (result: CallResult) => void;
  #reject!: (error: unknown) => void;
  #abort: ((reason: Error) => void) | undefined;
  #connection: Connection | undefined;
  #isOnReusedSocket = false;
  #isSent = false;
  #hasAnswerBegun = false;
  #headers: HeaderBag = {};
  #firstChunk: Uint8Array | undefined;
  #chunks: Uint8Array[] | undefined;
  #length = 0;
  #stream: ByteStream | undefined;

  constructor(options: Dispatcher.DispatchOptions, attempt: Attempt, host: ExchangeHost) {
    this.options = options;
    this.#attempt = attempt;
    this.#host = host;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Says which connection it is going to run on. */
  assign(connection: Connection): void {
    this.#connection = connection;
    this.#isOnReusedSocket = connection.served > 0;
  }

  /** Ends the exchange and its socket; one that still waits for a connection is never sent. */
  cancel(): void {
    if (this.isOver) return;
    this.#fail(CANCELLED);
    this.#abandon();
  }

  onConnect(abort: (reason: Error) => void): void {
    this.#abort = abort;
    if (this.isOver) {
      abort(CANCELLED);
      return;
    }
    this.#isSent = true;
    this.#attempt.sent = true;
    this.#attempt.noteBytes();
    if (this.#connection !== undefined) this.#isOnReusedSocket = this.#connection.served++ > 0;
  }

  /** The first byte of an answer, which is before its head is whole. */
  onResponseStarted(): void {
    this.#hasAnswerBegun = true;
    this.#attempt.noteBytes();
  }

  onHeaders(statusCode: number, raw: readonly Buffer[], resume: () => void): boolean {
    // Those of an answer ahead of the answer, such as 103, are nobody's business.
    if (statusCode >= 200) this.headArrived(statusCode, this.#host.answerHeaders.read(raw), resume);
    return true;
  }

  /** @param headers names in lower case */
  headArrived(statusCode: number, headers: HeaderBag, resume: () => void): void {
    if (statusCode < 200) return;
    this.#headers = headers;
    this.#attempt.answered(statusCode, this.#headers);
    if (!this.#attempt.call.operation.isStreaming || statusCode >= 300) return;
    this.#stream = new ByteStream({
      resume: () => {
        this.#attempt.noteBytes();
        resume();
      },
      cancel: () => this.cancel(),
    });
    this.#attempt.stream = this.#stream;
    this.#answer(this.#stream);
  }

  /** `false` asks to pause. */
  onData(chunk: Uint8Array): boolean {
    this.#attempt.noteBytes();
    if (this.#stream !== undefined) return this.#stream.push(chunk);
    this.#keep(chunk);
    if (this.#attempt.statusCode < 300 || this.#length < MAX_ERROR_BODY_BYTES) return true;
    // What has come says enough, and a socket is cheaper than an answer without end.
    this.onComplete();
    this.#abandon();
    return true;
  }

  onComplete(): void {
    this.#over();
    if (this.#stream !== undefined) this.#stream.finish();
    else this.#answer(this.#body());
  }

  /**
   * Where the server had closed the idle connection, it has not looked at the request: it is sent again. Other
   * idle connections are likely closed too, hence on a new one; what breaks there is an error of the attempt.
   */
  onError(error: Error): void {
    if (this.isOver) return;
    if (this.#isStale(error)) this.#host.sendAgain(this);
    else this.#fail(error);
  }

  /** The socket had carried others, and not a byte of an answer came. What may not run twice must be unwritten. */
  #isStale(error: unknown): boolean {
    return (
      this.#isOnReusedSocket &&
      !this.#hasAnswerBegun &&
      (this.#attempt.call.isRepeatable || !this.#isSent) &&
      isSocketFailure(error)
    );
  }

  #answer(body: Uint8Array | ByteStream): void {
    const { statusCode } = this.#attempt;
    this.#resolve({ response: { statusCode, headers: this.#headers, body }, output: undefined });
  }

  #fail(error: unknown): void {
    this.#over();
    this.#stream?.fail(error);
    this.#reject(error);
  }

  /** To abort it would do as well, but then undici connects again, for nobody. */
  #abandon(): void {
    if (this.#connection === undefined) this.#abort?.(CANCELLED);
    else this.#connection.abandon();
  }

  /** From here on nothing of the attempt runs: a cancel is for whoever still reads what has come. */
  #over(): void {
    this.isOver = true;
    if (this.#attempt.running === this) this.#attempt.running = undefined;
  }

  #keep(chunk: Uint8Array): void {
    this.#length += chunk.byteLength;
    if (this.#firstChunk === undefined) {
      this.#firstChunk = chunk;
      return;
    }
    this.#chunks ??= [this.#firstChunk];
    this.#chunks.push(chunk);
  }

  #body(): Uint8Array {
    if (this.#chunks !== undefined) return Buffer.concat(this.#chunks, this.#length);
    return this.#firstChunk ?? NO_BYTES;
  }
}
