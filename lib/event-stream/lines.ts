import { InvalidResponseError } from "../errors/local-errors.ts";
import type { Splitter } from "./splitter.ts";

const LF = 0x0a;
const CR = 0x0d;
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * What ends a line. `lf`: a line feed, with or without a carriage return before it, as for lines of text and
 * of JSON; `any`: also a carriage return alone, as server-sent events have it.
 */
export type LineEnd = "lf" | "any";

/**
 * Cuts bytes into lines of text without their ends. A last line without an end is one too. Bytes that are
 * not UTF-8 become U+FFFD; a byte order mark at the beginning is dropped.
 */
export class LineSplitter implements Splitter<string> {
  readonly #maxLineBytes: number;
  readonly #lineEnd: LineEnd;
  /** The beginning of a line whose end has not come yet. */
  #begun = Buffer.alloc(0);
  #begunLength = 0;
  /** A carriage return ended the last line: a line feed right after it belongs to the same end. */
  #isAfterCr = false;
  #linesRead = 0;

  constructor(maxLineBytes: number, lineEnd: LineEnd) {
    this.#maxLineBytes = maxLineBytes;
    this.#lineEnd = lineEnd;
  }

  /** Number of the line that was yielded last; 1 for the first. */
  get lineNumber(): number {
    return this.#linesRead;
  }

  /** @throws {InvalidResponseError} for a line of more than `maxLineBytes`, before it is held in memory */
  *push(bytes: Uint8Array): Generator<string, void, undefined> {
    if (bytes.length === 0) return;
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = this.#isAfterCr && chunk[0] === LF ? 1 : 0;
    this.#isAfterCr = false;
    for (let end = this.#findEnd(chunk, start); end !== -1; end = this.#findEnd(chunk, start)) {
      const line = this.#line(chunk, start, end);
      start = end + 1;
      if (chunk[end] === CR) {
        if (start === chunk.length) this.#isAfterCr = true;
        else if (chunk[start] === LF) start++;
      }
      yield line;
    }
    this.#begin(chunk, start, chunk.length);
  }

  *flush(): Generator<string, void, undefined> {
    if (this.#begunLength > 0) yield this.#line(this.#begun, 0, 0);
  }

  #findEnd(chunk: Buffer, start: number): number {
    if (this.#lineEnd === "lf") return chunk.indexOf(LF, start);
    for (let at = start; at < chunk.length; at++) {
      if (chunk[at] === LF || chunk[at] === CR) return at;
    }
    return -1;
  }

  /** The line that was begun and goes on from `start` to `end`. */
  #line(chunk: Buffer, start: number, end: number): string {
    if (this.#begunLength === 0) return this.#text(chunk, start, end);
    this.#begin(chunk, start, end);
    const line = this.#text(this.#begun, 0, this.#begunLength);
    this.#begunLength = 0;
    return line;
  }

  #text(bytes: Buffer, start: number, end: number): string {
    // Of "\r\n". Where a carriage return ends a line too, there is none in one.
    const textEnd = end > start && bytes[end - 1] === CR ? end - 1 : end;
    if (textEnd - start > this.#maxLineBytes) throw this.#tooLong();
    const text = bytes.toString("utf8", start, textEnd);
    this.#linesRead++;
    return this.#linesRead === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  }

  /** Keeps a part of a line until its end comes. */
  #begin(chunk: Buffer, start: number, end: number): void {
    const length = this.#begunLength + end - start;
    // One byte more: it may be the carriage return of the line's end.
    if (length > this.#maxLineBytes + 1) throw this.#tooLong();
    if (length > this.#begun.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#begun.length));
      this.#begun.copy(larger, 0, 0, this.#begunLength);
      this.#begun = larger;
    }
    chunk.copy(this.#begun, this.#begunLength, start, end);
    this.#begunLength = length;
  }

  #tooLong(): InvalidResponseError {
    return new InvalidResponseError(
      `line ${this.#linesRead + 1} of the answer must be at most ${this.#maxLineBytes} bytes (maxLineBytes)`,
    );
  }
}
