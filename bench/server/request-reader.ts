/** No request head is larger; one that never ends must not be held for ever. */
const MAX_HEAD_BYTES = 64 * 1024;
/** A chunk-size line, extensions included, and a trailer line. */
const MAX_LINE_BYTES = 4 * 1024;

const END_OF_HEAD = "\r\n\r\n";
const END_OF_LINE = "\r\n";
const REQUEST_LINE = /^POST \/\S* HTTP\/1\.1\r\n/;
const CONTENT_LENGTH = /\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n/i;
const TRANSFER_ENCODING = /\r\ntransfer-encoding:[ \t]*([^\r]*?)[ \t]*\r\n/i;
const EXPECT_CONTINUE = /\r\nexpect:[ \t]*100-continue[ \t]*\r\n/i;
const CHUNK_SIZE = /^([0-9a-f]{1,8})[ \t]*(;|$)/i;

/** What the next bytes belong to. */
type Part = "head" | "body" | "chunkSize" | "chunkData" | "chunkEnd" | "trailer";

/** What reading one part came to: it wants more bytes, the next part follows, or the request is whole. */
type Progress = "starved" | "next" | "whole";

/**
 * Reads the requests of one keep-alive connection: POSTs with a `content-length` or chunked, cut into packets
 * anywhere, pipelined or not. It keeps no payload, only counts it: a request is whole when exactly `bodyBytes`
 * bytes of it came.
 */
export class RequestReader {
  readonly #bodyBytes: number;
  readonly #onExpectContinue: () => void;
  #part: Part = "head";
  /** Bytes not read yet: `#bytes` from `#at` on. */
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Payload bytes still to come: of the body, or of the chunk. */
  #remaining = 0;
  #received = 0;

  /** @param onExpectContinue - called for a client that sends the body only when it was told to go on */
  constructor(bodyBytes: number, onExpectContinue: () => void = () => {}) {
    this.#bodyBytes = bodyBytes;
    this.#onExpectContinue = onExpectContinue;
  }

  /** Whether a request has begun and is not whole yet. */
  get isAmidRequest(): boolean {
    return this.#part !== "head" || this.#at < this.#bytes.length;
  }

  /**
   * Takes the next packet and returns how many requests it made whole.
   *
   * @throws {Error} for bytes that are not such a request, or a body of another length.
   */
  feed(packet: Buffer): number {
    const held = this.#bytes.subarray(this.#at);
    this.#bytes = held.length === 0 ? packet : Buffer.concat([held, packet]);
    this.#at = 0;
    let whole = 0;
    for (;;) {
      const progress = this.#readPart();
      if (progress === "starved") return whole;
      if (progress === "whole") {
        this.#finish();
        whole++;
      }
    }
  }

  #readPart(): Progress {
    switch (this.#part) {
      case "head":
        return this.#readHead();
      case "body":
        return this.#readPayload("whole");
      case "chunkSize":
        return this.#readChunkSize();
      case "chunkData":
        return this.#readPayload("next");
      case "chunkEnd":
        return this.#readChunkEnd();
      case "trailer":
        return this.#readTrailer();
    }
  }

  #readHead(): Progress {
    const end = this.#bytes.indexOf(END_OF_HEAD, this.#at);
    if (end < 0) return this.#starvedWithin(MAX_HEAD_BYTES, "a request head");
    const head = this.#bytes.toString("latin1", this.#at, end + END_OF_LINE.length);
    this.#at = end + END_OF_HEAD.length;
    if (!REQUEST_LINE.test(head)) throw new Error("not a POST of HTTP/1.1");
    if (EXPECT_CONTINUE.test(head)) this.#onExpectContinue();
    const length = CONTENT_LENGTH.exec(head)?.[1];
    const encoding = TRANSFER_ENCODING.exec(head)?.[1]?.toLowerCase();
    if (length !== undefined && encoding === undefined) {
      this.#remaining = Number(length);
      this.#part = "body";
      return "next";
    }
    if (length !== undefined || encoding !== "chunked") throw new Error("a body of unknown length");
    this.#part = "chunkSize";
    return "next";
  }

  /** Counts payload bytes; `then` is what follows the last of them. */
  #readPayload(then: "whole" | "next"): Progress {
    const taken = Math.min(this.#remaining, this.#bytes.length - this.#at);
    this.#at += taken;
    this.#remaining -= taken;
    this.#received += taken;
    if (this.#remaining > 0) return "starved";
    if (then === "next") this.#part = "chunkEnd";
    return then;
  }

  #readChunkSize(): Progress {
    const line = this.#takeLine();
    if (line === undefined) return this.#starvedWithin(MAX_LINE_BYTES, "a chunk size");
    const size = CHUNK_SIZE.exec(line)?.[1];
    if (size === undefined) throw new Error("a malformed chunk size");
    this.#remaining = Number.parseInt(size, 16);
    this.#part = this.#remaining === 0 ? "trailer" : "chunkData";
    return "next";
  }

  #readChunkEnd(): Progress {
    const line = this.#takeLine();
    if (line === undefined) return this.#starvedWithin(MAX_LINE_BYTES, "the end of a chunk");
    if (line !== "") throw new Error("a chunk longer than its size");
    this.#part = "chunkSize";
    return "next";
  }

  #readTrailer(): Progress {
    const line = this.#takeLine();
    if (line === undefined) return this.#starvedWithin(MAX_LINE_BYTES, "a trailer");
    return line === "" ? "whole" : "next";
  }

  /** The next line without its end, or `undefined` where its end has not come. */
  #takeLine(): string | undefined {
    const end = this.#bytes.indexOf(END_OF_LINE, this.#at);
    if (end < 0) return undefined;
    const line = this.#bytes.toString("latin1", this.#at, end);
    this.#at = end + END_OF_LINE.length;
    return line;
  }

  #starvedWithin(maxBytes: number, what: string): Progress {
    if (this.#bytes.length - this.#at > maxBytes) throw new Error(`${what} of more than ${maxBytes} bytes`);
    return "starved";
  }

  #finish(): void {
    const received = this.#received;
    this.#received = 0;
    this.#part = "head";
    if (received !== this.#bodyBytes) {
      throw new Error(`a body of ${received} bytes, expected ${this.#bodyBytes}`);
    }
  }
}
