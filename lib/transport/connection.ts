import type { Socket } from "node:net";
import type { HeaderBag } from "@smithy/types";
import { afterWholePoll, type Polled } from "../whole-poll.ts";
import type { AnswerHeaders } from "./answer-headers.ts";
import { type AnswerListener, AnswerParser } from "./answer-parser.ts";
import type { Connector, SocketListener } from "./connector.ts";
import type { Exchange, Line, OutgoingRequest } from "./exchange.ts";
import { RequestWriter, SEND_SLICE_BYTES, SlicedUpload } from "./request-writer.ts";
import { type AnswerSyntaxError, ClosedEarlyError, ResizedPayloadError } from "./transport-errors.ts";

/** Most that is read at once, in bytes: what Node takes for its own. */
const READ_BYTES = 65_536;

/** What the pool wants to know of its connections. */
export interface ConnectionListener {
  /** What it carries was answered, or given up after it was sent. */
  readonly onEnded: (exchange: Exchange, isAnswered: boolean) => void;
  /** It has ended what it carried and may carry the next. */
  readonly onFree: (connection: Connection) => void;
  /** It is still being made, and nobody waits for it any more. */
  readonly onUnwanted: (connection: Connection) => void;
  /** It could not be made, broke or was closed: it is not to be used again. */
  readonly onLost: (connection: Connection) => void;
}

/** `resting` has no request on its way: what arrives then is an answer to nothing, and the end of the connection. */
type Phase = "connecting" | "resting" | "exchanging" | "closed";

/** One socket and the exchanges that it carries, one at a time. */
export class Connection implements Line, SocketListener, AnswerListener, Polled {
  served = 0;
  readonly readBuffer: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  /** `keep-alive` of the newest answer. */
  keepAlive: string | undefined;
  readonly #socket: Socket;
  readonly #writer: RequestWriter;
  readonly #parser: AnswerParser;
  readonly #listener: ConnectionListener;
  #phase: Phase = "connecting";
  /** What it carries, or is going to. */
  #exchange: Exchange | undefined;
  #upload: SlicedUpload | undefined;
  #isPaused = false;

  constructor(connector: Connector, headers: AnswerHeaders, listener: ConnectionListener) {
    this.#parser = new AnswerParser(headers, this);
    this.#listener = listener;
    this.#socket = connector.open(this);
    this.#writer = new RequestWriter(this.#socket);
  }

  /**
   * Sends the exchange as soon as that may be: where the connection rested, once it is seen that it still does. Until
   * then, an answer that nobody asked for may lie unread, and would be taken for that to the request (as in undici's
   * GHSA-35p6-xmwp-9g52).
   */
  run(exchange: Exchange): void {
    exchange.assign(this);
    this.#exchange = exchange;
    if (this.#phase !== "resting") return;
    this.#socket.ref();
    afterWholePoll(this);
  }

  /** Whether it carries nothing, and is not going to. */
  get isUnused(): boolean {
    return this.#exchange === undefined;
  }

  /**
   * Closes it, unless the exchange that is given up has not touched it. One that is being made goes on: where that takes
   * longer than callers wait, none of them would ever get one.
   */
  abandon(): void {
    if (this.#phase === "connecting") this.#goOnUnwanted();
    if (this.#phase !== "exchanging") return;
    this.#listener.onEnded(this.#exchange!, false);
    this.destroy();
  }

  /** Closes it where it is still being made and nobody waits for it. */
  giveUpMaking(): void {
    if (this.#phase === "connecting" && this.isUnused) this.destroy();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
  }

  /** Closes the socket now; what it carries is told by whoever wants that. */
  destroy(): void {
    this.#end();
  }

  onConnected(): void {
    this.#phase = "resting";
    if (this.isUnused) this.#rest();
    else this.onPolled();
  }

  /** Writes the request that waits for it, if somebody still wants it. */
  onPolled(): void {
    if (this.#phase !== "resting") return;
    const exchange = this.#exchange!;
    if (exchange.isOver) {
      this.#rest();
      return;
    }
    // The request before was answered early, and may never be read by its server; nor would what follows it.
    if (this.#socket.writableLength > 0) {
      this.onFailed(new ClosedEarlyError());
      return;
    }
    this.#phase = "exchanging";
    this.served++;
    this.#parser.begin();
    exchange.onSending();
    this.#write(exchange.request!, exchange);
  }

  onBytes(length: number): boolean {
    if (this.#phase !== "exchanging") {
      this.onFailed(new ClosedEarlyError());
      return true;
    }
    this.#exchange!.onBytes();
    try {
      const read = this.#parser.read(this.readBuffer, length);
      if (this.#parser.isComplete) this.#complete(read === length);
    } catch (error) {
      this.onFailed(error as AnswerSyntaxError);
    }
    return !this.#isPaused;
  }

  onHead(statusCode: number, headers: HeaderBag, bodyBytes: number | undefined): void {
    this.keepAlive = headers["keep-alive"];
    this.#exchange?.onHead(statusCode, headers, bodyBytes);
  }

  onData(bytes: Uint8Array, start: number, end: number): void {
    this.#isPaused = this.#exchange?.onData(bytes, start, end) === false;
  }

  onEnd(): void {
    if (this.#phase === "exchanging" && this.#parser.end()) this.#complete(false);
    else this.onFailed(new ClosedEarlyError());
  }

  onFailed(error: Error): void {
    this.#end()?.onError(error);
  }

  #write(request: OutgoingRequest, exchange: Exchange): void {
    const { head, payload, payloadBytes } = request;
    if (payload.byteLength !== payloadBytes) {
      this.onFailed(new ResizedPayloadError());
      return;
    }
    if (payloadBytes <= SEND_SLICE_BYTES) {
      this.#writer.write(head, payload);
      return;
    }
    this.#socket.write(head, "latin1");
    this.#upload = new SlicedUpload(this.#socket, payload, () => exchange.onProgress());
  }

  /** The answer is whole. @param isLast whether nothing came after it */
  #complete(isLast: boolean): void {
    // An answer that was too long was given up while it was read.
    if (this.#phase !== "exchanging") return;
    const exchange = this.#exchange!;
    // TLS goes on with what it has deciphered after it was asked to pause: the socket may not be reading by now.
    if (this.#isPaused) this.resume();
    const isReusable = isLast && this.#parser.keepsConnection && this.#upload?.isDone !== false;
    this.#upload = undefined;
    this.#listener.onEnded(exchange, true);
    if (isReusable) this.#rest();
    else this.#end();
    exchange.onComplete();
  }

  #goOnUnwanted(): void {
    this.#exchange = undefined;
    // It may be old by the time of the next exchange, as others are that have carried some.
    this.served++;
    this.#socket.unref();
    this.#listener.onUnwanted(this);
  }

  #rest(): void {
    this.#phase = "resting";
    this.#exchange = undefined;
    this.#socket.unref();
    this.#listener.onFree(this);
  }

  /** Returns what it carried. */
  #end(): Exchange | undefined {
    if (this.#phase === "closed") return undefined;
    this.#phase = "closed";
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#socket.destroy();
    this.#listener.onLost(this);
    return exchange;
  }
}
