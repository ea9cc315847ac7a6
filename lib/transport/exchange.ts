import type { IncomingHttpHeaders } from "node:http";
import type { HeaderBag } from "@smithy/types";
import type { Dispatcher } from "undici";
import type { Attempt } from "../attempt.ts";
import type { Cancellable } from "../cancellation.ts";
import type { CallResult } from "../types.ts";
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

/** Sends an exchange once more, on a socket that has carried nothing. */
export type SendAgain = (exchange: Exchange) => void;

/** One HTTP exchange of one attempt, as undici's handler. Its promise settles exactly once. */
export class Exchange implements Dispatcher.DispatchHandler, Cancellable {
  readonly result: Promise<CallResult>;
  readonly options: Dispatcher.DispatchOptions;
  /** Whether it may only run on a socket that has carried nothing. */
  needsFreshSocket = false;
  /** Whether it ended: answered to the last byte, failed or cancelled. */
  isOver = false;
  readonly #attempt: Attempt;
  readonly #sendAgain: SendAgain;
  #resolve!: (result: CallResult) => void;
  #reject!: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #connection: Connection | undefined;
  #isOnReusedSocket = false;
  #isSent = false;
  #hasAnswerBegun = false;
  #headers: HeaderBag = {};
  #firstChunk: Uint8Array | undefined;
  #chunks: Uint8Array[] | undefined;
  #length = 0;
  #stream: ByteStream | undefined;

  constructor(options: Dispatcher.DispatchOptions, attempt: Attempt, sendAgain: SendAgain) {
    this.options = options;
    this.#attempt = attempt;
    this.#sendAgain = sendAgain;
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

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.isOver) {
      controller.abort(CANCELLED);
      return;
    }
    this.#isSent = true;
    this.#attempt.sent = true;
    this.#noteBytes();
    if (this.#connection !== undefined) this.#isOnReusedSocket = this.#connection.served++ > 0;
  }

  /** The first byte of an answer, which is before its head is whole. */
  onResponseStarted(): void {
    this.#hasAnswerBegun = true;
    this.#noteBytes();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (statusCode < 200) return;
    this.#headers = flatten(headers);
    this.#attempt.answered(statusCode, this.#headers);
    if (!this.#attempt.call.operation.isStreaming || statusCode >= 300) return;
    this.#stream = new ByteStream({
      resume: () => {
        this.#noteBytes();
        controller.resume();
      },
      cancel: () => this.cancel(),
    });
    this.#attempt.stream = this.#stream;
    this.#answer(this.#stream);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#noteBytes();
    if (this.#stream !== undefined) {
      if (!this.#stream.push(chunk)) controller.pause();
      return;
    }
    this.#keep(chunk);
    if (this.#attempt.statusCode < 300 || this.#length < MAX_ERROR_BODY_BYTES) return;
    // What has come says enough, and a socket is cheaper than an answer without end.
    this.onResponseEnd();
    this.#abandon();
  }

  onResponseEnd(): void {
    this.#over();
    if (this.#stream !== undefined) this.#stream.finish();
    else this.#answer(this.#body());
  }

  /**
   * Where the server had closed the idle connection, it has not looked at the request: it is sent again. Other
   * idle connections are likely closed too, hence on a new one; what breaks there is an error of the attempt.
   */
  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.isOver) return;
    if (this.#isStale(error)) this.#sendAgain(this);
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
    if (this.#connection === undefined) this.#controller?.abort(CANCELLED);
    else this.#connection.abandon();
  }

  /** From here on nothing of the attempt runs: a cancel is for whoever still reads what has come. */
  #over(): void {
    this.isOver = true;
    if (this.#attempt.running === this) this.#attempt.running = undefined;
  }

  #noteBytes(): void {
    this.#attempt.lastByteAt = this.#attempt.call.clock.now();
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

/** Repeated headers as one, as HTTP allows and Smithy's header bag wants. */
function flatten(headers: IncomingHttpHeaders): HeaderBag {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(", ");
  }
  return headers as HeaderBag;
}
