import { readHeaderLine } from "./header-line.ts";
import { AnswerSyntaxError } from "./transport-errors.ts";

/** Hexadecimal digits of a chunk's size: what a number holds exactly. */
const MAX_SIZE_DIGITS = 13;

/** Most bytes of one chunk's extensions, and of all trailers: neither says anything to this client. */
const MAX_IGNORED_BYTES = 16_384;

/** What only the head may say; a trailer that does is there for another reader. */
const FRAMING: ReadonlySet<string> = new Set(["content-length", "transfer-encoding"]);

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SEMICOLON = 0x3b;
const DEL = 0x7f;

/** What is read next: a byte of a state of its own, or the data of a chunk. */
type State =
  | "size"
  | "extension"
  | "sizeEnd"
  | "data"
  | "dataReturn"
  | "dataEnd"
  | "lineStart"
  | "trailer"
  | "trailerEnd"
  | "lastEnd"
  | "complete";

/** Takes the framing off a chunked body (RFC 9112 7.1). */
export class ChunkedBody {
  /** Where in the bytes of the latest {@link read} it stopped: their end, or that of the body. */
  position = 0;
  #state: State = "size";
  /** Of the chunk that is being read: bytes of it that are still to come, or its size as far as that is read. */
  #left = 0;
  #digits = 0;
  #ignored = 0;
  /** The trailer that is being read. */
  #trailer = "";

  get isComplete(): boolean {
    return this.#state === "complete";
  }

  /**
   * Reads what lies between `start` and `end`, and moves the data in it together, to `start`.
   *
   * @returns where that data ends
   * @throws {AnswerSyntaxError} for anything that is not chunks
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    let dataEnd = start;
    let at = start;
    while (at < end && this.#state !== "complete") {
      if (this.#state === "data") {
        const length = Math.min(this.#left, end - at);
        if (dataEnd !== at) bytes.copyWithin(dataEnd, at, at + length);
        dataEnd += length;
        at += length;
        this.#left -= length;
        if (this.#left === 0) this.#state = "dataReturn";
      } else {
        this.#state = this.#next(this.#state, bytes[at++]!);
      }
    }
    this.position = at;
    return dataEnd;
  }

  #next(state: Exclude<State, "data" | "complete">, byte: number): State {
    switch (state) {
      case "size":
        return this.#readSize(byte);
      case "extension":
        return byte === CR ? "sizeEnd" : this.#ignore(byte, "extension");
      case "sizeEnd":
        return this.#endSize(byte);
      case "dataReturn":
        return expect(byte, CR, "dataEnd");
      case "dataEnd":
        return this.#beginChunk(byte);
      case "lineStart":
        return byte === CR ? "lastEnd" : this.#readTrailer(byte);
      case "trailer":
        return byte === CR ? "trailerEnd" : this.#readTrailer(byte);
      case "trailerEnd":
        return this.#endTrailer(byte);
      case "lastEnd":
        return expect(byte, LF, "complete");
    }
  }

  #readSize(byte: number): State {
    const digit = hexDigit(byte);
    if (digit >= 0 && this.#digits < MAX_SIZE_DIGITS) {
      this.#left = this.#left * 16 + digit;
      this.#digits++;
      return "size";
    }
    if (this.#digits > 0 && byte === CR) return "sizeEnd";
    if (this.#digits > 0 && byte === SEMICOLON) return "extension";
    throw new AnswerSyntaxError("the size of a chunk is no hexadecimal number");
  }

  #endSize(byte: number): State {
    this.#ignored = 0;
    return expect(byte, LF, this.#left === 0 ? "lineStart" : "data");
  }

  #beginChunk(byte: number): State {
    this.#digits = 0;
    return expect(byte, LF, "size");
  }

  #readTrailer(byte: number): State {
    this.#trailer += String.fromCharCode(byte);
    return this.#ignore(byte, "trailer");
  }

  #endTrailer(byte: number): State {
    const { name } = readHeaderLine(`${this.#trailer}\r\n`, 0);
    if (FRAMING.has(name)) throw new AnswerSyntaxError("a trailer says where the answer ends");
    this.#trailer = "";
    return expect(byte, LF, "lineStart");
  }

  #ignore(byte: number, state: State): State {
    const isText = byte === TAB || (byte >= SPACE && byte !== DEL);
    if (!isText || ++this.#ignored > MAX_IGNORED_BYTES) {
      throw new AnswerSyntaxError("an extension or trailer of its chunks is too long, or no text");
    }
    return state;
  }
}

function expect(byte: number, wanted: number, next: State): State {
  if (byte !== wanted) throw new AnswerSyntaxError("a line of its chunks has no proper end");
  return next;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
