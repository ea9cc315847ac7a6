import { AnswerHeaders } from "../../lib/transport/answer-headers.ts";
import { AnswerParser } from "../../lib/transport/answer-parser.ts";
import { AnswerSyntaxError } from "../../lib/transport/transport-errors.ts";

/** What was read of one answer. */
export interface Reading {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As Latin-1. */
  readonly body: string;
  readonly isComplete: boolean;
  readonly keepsConnection: boolean;
  /** Bytes that came after the answer. */
  readonly left: number;
}

const NO_HEAD = { statusCode: 0, headers: {} };

/** Takes the answer in the pieces that it is given in, each at the beginning of one buffer, as a connection does. */
export class AnswerReader {
  readonly #bytes = Buffer.alloc(65_536, "stale\r\n\r\n");
  readonly #body: Buffer[] = [];
  #head: Pick<Reading, "statusCode" | "headers"> = NO_HEAD;
  readonly #parser: AnswerParser;

  constructor(headers = new AnswerHeaders()) {
    this.#parser = new AnswerParser(headers, {
      onHead: (statusCode, headers) => {
        this.#head = { statusCode, headers };
      },
      onData: (bytes, start, end) => this.#body.push(Buffer.from(bytes.subarray(start, end))),
    });
  }

  /** @throws {AnswerSyntaxError} for what is no answer */
  read(pieces: readonly Uint8Array[], isEnded = false): Reading {
    this.#head = NO_HEAD;
    this.#body.length = 0;
    this.#parser.begin();
    let left = 0;
    for (const piece of pieces) {
      this.#bytes.set(piece);
      left += piece.length - this.#parser.read(this.#bytes, piece.length);
    }
    if (isEnded) this.#parser.end();
    return {
      ...this.#head,
      body: Buffer.concat(this.#body).toString("latin1"),
      isComplete: this.#parser.isComplete,
      keepsConnection: this.#parser.isComplete && this.#parser.keepsConnection,
      left,
    };
  }
}

/** Reads one answer, given as Latin-1. */
export function readAnswer(text: string, isEnded = false): Reading {
  return new AnswerReader().read([Buffer.from(text, "latin1")], isEnded);
}

/** Why an answer is refused; `undefined` for one that is not. */
export function refusalOf(text: string): string | undefined {
  try {
    readAnswer(text);
    return undefined;
  } catch (error) {
    if (error instanceof AnswerSyntaxError) return error.message;
    throw error;
  }
}

/** The bytes cut after each of the lengths in turn, and what is left of them. */
export function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    if (at + length >= bytes.length) break;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...pieces, bytes.subarray(at)];
}
