import type { HeaderBag } from "@smithy/types";
import type { Attempt } from "../attempt.ts";
import type { Cancellable } from "../cancellation.ts";
import type { AnswerTime } from "../resilience/answer-time.ts";
import type { CallResult } from "../types.ts";
import { AnswerBody, copyOf } from "./answer-body.ts";
import { ByteStream } from "./byte-stream.ts";
import { isSocketFailure } from "./socket-failure.ts";
import { CANCELLED } from "./transport-errors.ts";

/** Largest error answer that is read, in bytes: the service's own are a few thousand. */
const MAX_ERROR_BODY_BYTES = 1_048_576;

/**
 * How long after a request was sent the server's word may come that it had closed the connection before, in milliseconds:
 * a round trip, and a packet that is lost on it. Whoever breaks it later has had the request.
 */
const STALE_WITHIN_MS = 2_000;

const NO_BYTES = new Uint8Array(0);

/** What an exchange runs on: a connection of the pool, or whatever a caller's dispatcher has. */
export interface Line {
  /** Exchanges that were begun on it. */
  readonly served: number;
  /** Whether it is a place among those that wait for a connection. */
  readonly isQueue?: boolean;
  /** Ends it at once, whatever it is doing for this exchange. */
  abandon(): void;
  /** Goes on reading the answer, after {@link Exchange.onData} said `false`. */
  resume(): void;
}

/** What goes over the wire. */
export interface OutgoingRequest {
  /** Request line and headers. */
  readonly head: string;
  readonly payload: Uint8Array;
  /** What the head announces. The payload is the caller's memory, which may be transferred away or resized meanwhile. */
  readonly payloadBytes: number;
}

/** One HTTP exchange of one attempt. Its promise settles exactly once. */
export class Exchange implements Cancellable {
  readonly result: Promise<CallResult>;
  /** `undefined` on a caller's dispatcher, which makes its own, and once a stream answers it. */
  request: OutgoingRequest | undefined;
  /** Whether it may only run on a socket that has carried nothing. */
  needsFreshSocket = false;
  /** Whether it ended: answered to the last byte, failed or cancelled. */
  isOver = false;
  readonly #attempt: Attempt;
  readonly #sendAgain: ((exchange: Exchange) => void) | undefined;
  #resolve!: (result: CallResult) => void;
  #reject!: (error: unknown) => void;
  #line: Line | undefined;
  #isOnReusedSocket = false;
  #isSent = false;
  #sentAt = 0;
  #hasAnswerBegun = false;
  #headers: HeaderBag = {};
  #body: AnswerBody | undefined;
  #stream: ByteStream | undefined;

  /** @param sendAgain sends an exchange once more, on a socket that has carried nothing */
  constructor(
    attempt: Attempt,
    request?: OutgoingRequest | undefined,
    sendAgain?: (exchange: Exchange) => void,
  ) {
    this.request = request;
    this.#attempt = attempt;
    this.#sendAgain = sendAgain;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Whose answer it waits for. */
  get endpoint(): string {
    return this.#attempt.target.endpoint;
  }

  /** {@link Clock.now} by which it is given up. */
  get deadlineAt(): number {
    return Math.min(this.#attempt.call.deadlineAt, this.#attempt.endsAt);
  }

  /**
   * Says how long its answer took, once it was sent: that of a stream up to its head.
   *
   * @param isWhole whether all of it has come
   */
  tell(answerTime: AnswerTime, isWhole: boolean): void {
    const { call, headersAt, lastByteAt, stream } = this.#attempt;
    if (stream !== undefined) answerTime.answered(headersAt - this.#sentAt);
    else if (isWhole) answerTime.answered(lastByteAt - this.#sentAt);
    else answerTime.gaveUp(call.clock.now() - this.#sentAt);
  }

  /** Says what it is going to run on. */
  assign(line: Line): void {
    this.#line = line;
    this.#attempt.waitsForConnection = line.isQueue === true;
    this.#isOnReusedSocket = line.served > 0;
  }

  /** Ends the exchange and its socket; one that still waits for a connection is never sent. */
  cancel(): void {
    if (this.isOver) return;
    this.#fail(CANCELLED, true);
    this.#line?.abandon();
  }

  /** Bytes of the request are about to go out. */
  onSending(): void {
    this.#isSent = true;
    this.#attempt.sent = true;
    this.#attempt.noteBytes();
    this.#sentAt = this.#attempt.lastByteAt;
  }

  /** More bytes of a large request go out. */
  onProgress(): void {
    this.#attempt.noteBytes();
  }

  /** Bytes of an answer have come, whatever they mean. */
  onBytes(): void {
    this.#hasAnswerBegun = true;
    this.#attempt.noteBytes();
  }

  /**
   * @param headers names in lower case
   * @param bodyBytes the length of the body, where it is known
   */
  onHead(statusCode: number, headers: HeaderBag, bodyBytes: number | undefined): void {
    this.#headers = headers;
    this.#attempt.answered(statusCode, headers);
    if (this.#attempt.call.operation.isStreaming && statusCode < 300) this.#answer(this.#openStream());
    else if (bodyBytes !== 0) this.#body = new AnswerBody(bodyBytes);
  }

  /**
   * The body goes on with what lies between `start` and `end`, which may change after the call.
   *
   * @returns `false` to ask for a pause, until {@link Line.resume}
   */
  onData(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.isOver) return true;
    if (this.#stream !== undefined) return this.#stream.push(copyOf(bytes, start, end));
    const body = this.#body!;
    body.add(bytes, start, end);
    if (this.#attempt.statusCode < 300 || body.length < MAX_ERROR_BODY_BYTES) return true;
    // What has come says enough, and a socket is cheaper than an answer without end.
    this.onComplete();
    this.#line?.abandon();
    return true;
  }

  onComplete(): void {
    if (this.isOver) return;
    this.#over();
    if (this.#stream !== undefined) this.#stream.finish();
    else this.#answer(this.#body?.whole() ?? NO_BYTES);
  }

  /**
   * Where the server had closed the idle connection, it has not looked at the request: it is sent again. Other
   * idle connections are likely closed too, hence on a new one; what breaks there is an error of the attempt.
   */
  onError(error: Error): void {
    if (this.isOver) return;
    if (this.#sendAgain !== undefined && this.#isStale(error)) this.#sendAgain(this);
    else this.#fail(error);
  }

  /** The socket had carried others, and not a byte of an answer came. What may not run twice must be unwritten. */
  #isStale(error: unknown): boolean {
    if (!this.#isOnReusedSocket || this.#hasAnswerBegun || !isSocketFailure(error)) return false;
    const { call } = this.#attempt;
    return !this.#isSent || (call.isRepeatable && call.clock.now() - this.#sentAt <= STALE_WITHIN_MS);
  }

  #openStream(): ByteStream {
    // The stream may go on for long, and hold it all the time.
    this.request = undefined;
    this.#stream = new ByteStream({
      resume: () => {
        this.#attempt.noteBytes();
        this.#line?.resume();
      },
      cancel: () => this.cancel(),
    });
    this.#attempt.stream = this.#stream;
    return this.#stream;
  }

  #answer(body: Uint8Array | ByteStream): void {
    const { statusCode } = this.#attempt;
    this.#resolve({ response: { statusCode, headers: this.#headers, body }, output: undefined });
  }

  #fail(error: unknown, isCancelled = false): void {
    this.#over();
    this.#stream?.fail(error, isCancelled);
    this.#reject(error);
  }

  /** From here on nothing of the attempt runs: a cancel is for whoever still reads what has come. */
  #over(): void {
    this.isOver = true;
    if (this.#attempt.running === this) this.#attempt.running = undefined;
  }
}
