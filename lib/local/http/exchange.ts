import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../../clock.ts";
import type { FaultPlan } from "../faults/injector.ts";
import { type AnswerEnd, AnswerWriter } from "./answer-writer.ts";
import { readBody } from "./read-body.ts";

type Headers = Readonly<Record<string, string>>;

/** One request and its answer. */
export class Exchange {
  readonly requestId = randomUUID();
  /** What faults do to the answer; set before it is begun. */
  plan: FaultPlan | undefined;
  #request: IncomingMessage;
  #response: ServerResponse;
  #clock: Clock;
  #closed = new AbortController();

  constructor(request: IncomingMessage, response: ServerResponse, clock: Clock) {
    this.#request = request;
    this.#response = response;
    this.#clock = clock;
    response.sendDate = false;
    response.once("close", () => {
      if (!response.writableFinished) this.#closed.abort(new Error("the connection is gone"));
    });
    // A client that goes away while it is answered is no error of ours.
    response.on("error", ignore);
  }

  /** Aborted when the connection is gone before the answer was whole. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** Whether no answer can arrive any more. */
  get isClosed(): boolean {
    return this.signal.aborted || this.socket.destroyed;
  }

  /** Whether the answer's status has been sent. */
  get hasBegun(): boolean {
    return this.#response.headersSent;
  }

  /** Names in lower case; of repeated headers what Node makes of them. */
  get headers(): Headers {
    return this.#request.headers as Headers;
  }

  get socket(): Socket {
    return this.#request.socket;
  }

  /** See {@link readBody}. */
  readBody(maxBytes: number): Promise<Uint8Array | undefined> {
    return readBody(this.#request, maxBytes);
  }

  /** Answers in one go. */
  async answer(status: number, headers: Headers, body: Uint8Array | string = ""): Promise<AnswerEnd> {
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const length = { "content-length": String(bytes.length) };
    if (this.plan !== undefined) {
      const writer = this.open(status, { ...length, ...headers });
      if (bytes.length > 0) await writer.write(bytes);
      return writer.end();
    }
    if (this.isClosed) return "closed";
    this.#response.writeHead(status, { ...this.#commonHeaders(), ...length, ...headers });
    this.#response.end(this.#request.method === "HEAD" ? undefined : bytes);
    return "whole";
  }

  /** Sends the headers at once and gives the writer of the body. */
  open(status: number, headers: Headers): AnswerWriter {
    const response = this.#response;
    for (const [name, value] of Object.entries({ ...this.#commonHeaders(), ...headers })) {
      response.setHeader(name, value);
    }
    response.writeHead(status);
    response.flushHeaders();
    if (this.plan?.closeKeepAlive === "idle") {
      response.once("finish", () => this.socket.destroySoon());
    }
    return new AnswerWriter(response, this.plan ?? NO_SHAPE, this.#clock, this.signal);
  }

  /** Resets the connection with no answer. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  #commonHeaders(): Record<string, string> {
    return {
      Date: new Date(this.#clock.epochNow()).toUTCString(),
      "x-amzn-RequestId": this.requestId,
    };
  }
}

const NO_SHAPE = { cut: undefined, bytesPerSecond: undefined };

function ignore(): void {}
