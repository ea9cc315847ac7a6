import type { HeaderBag } from "@smithy/types";
import { CHUNKED, framingOf, keepsConnection, UNTIL_CLOSE } from "./answer-framing.ts";
import type { AnswerHeaders } from "./answer-headers.ts";
import { ChunkedBody } from "./chunked-body.ts";
import { AnswerSyntaxError } from "./transport-errors.ts";

/** Largest head of an answer in bytes, those of interim answers included; Node's own default. */
const MAX_HEAD_BYTES = 16_384;

const HEAD_END = "\r\n\r\n";
const BEGINNING = "HTTP/1.";
const BARE_LINE_END = /[^\r]\n/;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?\r\n/;

/** What becomes known of an answer as it is read. */
export interface AnswerListener {
  /** @param bodyBytes the length of the body, where the head says it */
  onHead(statusCode: number, headers: HeaderBag, bodyBytes: number | undefined): void;
  /** The body goes on with what lies between `start` and `end`, which is only there during the call. */
  onData(bytes: Uint8Array, start: number, end: number): void;
}

type Phase = "head" | "length" | "chunked" | "untilClose" | "complete";

/** What a status line says. */
interface StatusLine {
  readonly text: string;
  readonly isHttp11: boolean;
  readonly statusCode: number;
}

/**
 * Reads answers of HTTP/1.1 (RFC 9112) from bytes in whatever pieces they come, one answer at a time. What it does not
 * know to be right it refuses, and tells the listener only of what it has read so far.
 */
export class AnswerParser {
  /** Whether the connection may carry on once the answer is complete. */
  keepsConnection = false;
  readonly #headers: AnswerHeaders;
  readonly #listener: AnswerListener;
  #phase: Phase = "complete";
  /** A head that has not come whole. */
  #partial = "";
  /** Of the interim answers before. */
  #headBytes = 0;
  /** Bytes of the body that are still to come, where their number is known. */
  #left = 0;
  #chunks: ChunkedBody | undefined;
  #statusLine: StatusLine | undefined;

  constructor(headers: AnswerHeaders, listener: AnswerListener) {
    this.#headers = headers;
    this.#listener = listener;
  }

  get isComplete(): boolean {
    return this.#phase === "complete";
  }

  /** Expects an answer. */
  begin(): void {
    this.#phase = "head";
    this.#partial = "";
    this.#headBytes = 0;
  }

  /**
   * Reads the first `length` of `bytes`, whose content it may change.
   *
   * @returns how many of them were the answer's: the others follow its end
   * @throws {AnswerSyntaxError} for what is not HTTP/1.1, or is more than this client takes
   */
  read(bytes: Buffer, length: number): number {
    let at = 0;
    while (this.#phase === "head" && at < length) at = this.#readHead(bytes, at, length);
    while (this.#phase !== "complete" && at < length) at = this.#readBody(this.#phase, bytes, at, length);
    return at;
  }

  /** Takes note that no more bytes come. Whether the answer is complete with that. */
  end(): boolean {
    if (this.#phase === "untilClose") this.#phase = "complete";
    return this.#phase === "complete";
  }

  #readHead(bytes: Buffer, at: number, length: number): number {
    const end = this.#partial === "" ? bytes.indexOf(HEAD_END, at, "latin1") : -1;
    if (end === -1 || end + HEAD_END.length > length) return this.#readPartOfHead(bytes, at, length);
    this.#takeHead(bytes.toString("latin1", at, end + 2));
    return end + HEAD_END.length;
  }

  #readPartOfHead(bytes: Buffer, at: number, length: number): number {
    const before = this.#partial.length;
    const text = this.#partial + bytes.toString("latin1", at, Math.min(length, at + MAX_HEAD_BYTES + 1));
    if (!text.startsWith(BEGINNING) && !BEGINNING.startsWith(text)) refuseBeginning();
    const end = text.indexOf(HEAD_END, Math.max(0, before - HEAD_END.length));
    if (end === -1) {
      checkSize(this.#headBytes + text.length);
      // Its end would never come.
      if (BARE_LINE_END.test(text.slice(Math.max(0, before - 1)))) refuseLineEnd();
      this.#partial = text;
      return length;
    }
    this.#partial = "";
    this.#takeHead(text.slice(0, end + 2));
    return at + end + HEAD_END.length - before;
  }

  #takeHead(head: string): void {
    this.#headBytes += head.length + 2;
    checkSize(this.#headBytes);
    const { text, isHttp11, statusCode } = this.#readStatusLine(head);
    const headers = this.#headers.read(head, text.length);
    // An answer ahead of the answer, such as 103, is nobody's business.
    if (statusCode < 200) return;
    const framing = framingOf(isHttp11, statusCode, headers);
    this.keepsConnection = keepsConnection(isHttp11, framing, headers);
    this.#beginBody(framing);
    this.#listener.onHead(statusCode, headers, framing < 0 ? undefined : framing);
  }

  #readStatusLine(head: string): StatusLine {
    if (this.#statusLine !== undefined && head.startsWith(this.#statusLine.text)) return this.#statusLine;
    const match = STATUS_LINE.exec(head);
    if (match === null) refuseBeginning();
    const [text, minor, code] = match as unknown as [string, string, string];
    if (code === "101") throw new AnswerSyntaxError("it changes to a protocol that nobody asked for");
    this.#statusLine = { text, isHttp11: minor === "1", statusCode: Number(code) };
    return this.#statusLine;
  }

  #beginBody(framing: number): void {
    if (framing === CHUNKED) {
      this.#phase = "chunked";
      this.#chunks = new ChunkedBody();
    } else if (framing === UNTIL_CLOSE) {
      this.#phase = "untilClose";
    } else {
      this.#phase = framing === 0 ? "complete" : "length";
      this.#left = framing;
    }
  }

  #readBody(phase: Phase, bytes: Buffer, at: number, length: number): number {
    if (phase === "chunked") return this.#readChunks(this.#chunks!, bytes, at, length);
    const end = phase === "length" ? Math.min(length, at + this.#left) : length;
    this.#left -= end - at;
    if (phase === "length" && this.#left === 0) this.#phase = "complete";
    this.#listener.onData(bytes, at, end);
    return end;
  }

  #readChunks(chunks: ChunkedBody, bytes: Buffer, at: number, length: number): number {
    const end = chunks.read(bytes, at, length);
    if (chunks.isComplete) this.#phase = "complete";
    if (end > at) this.#listener.onData(bytes, at, end);
    return chunks.position;
  }
}

function checkSize(headBytes: number): void {
  if (headBytes > MAX_HEAD_BYTES)
    throw new AnswerSyntaxError(`its head has more than ${MAX_HEAD_BYTES} bytes`);
}

function refuseLineEnd(): never {
  throw new AnswerSyntaxError("a line of its head has no proper end");
}

function refuseBeginning(): never {
  throw new AnswerSyntaxError("it does not begin as HTTP/1.1 does");
}
