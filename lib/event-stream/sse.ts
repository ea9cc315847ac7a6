import { InvalidResponseError } from "../errors/local-errors.ts";
import { LineSplitter } from "./lines.ts";
import type { Splitter } from "./splitter.ts";

/** One server-sent event. */
export interface ServerSentEvent {
  /** `message` where the stream does not name it. */
  readonly event: string;
  /** The event's `data` lines, joined by line feeds. */
  readonly data: string;
  /** The id that was sent last, with this event or before it; empty where none was. */
  readonly id: string;
  /** The reconnection time that was sent last, in milliseconds; `undefined` where none was. */
  readonly retry: number | undefined;
}

/**
 * Cuts bytes into server-sent events as the WHATWG standard interprets them, with one difference: an event
 * that lacks its blank line at the end of the stream is yielded. A browser drops it because it cannot tell a
 * whole answer from a cut-off one; a response stream that was cut off is an error, so here it is whole.
 */
export class SseSplitter implements Splitter<ServerSentEvent> {
  readonly #maxLineBytes: number;
  readonly #lines: LineSplitter;
  #event = "";
  #data: string | undefined;
  #id = "";
  #retry: number | undefined;

  /** @param maxLineBytes of one line, and in characters of the data of one event, all its lines together */
  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
    this.#lines = new LineSplitter(maxLineBytes, "any");
  }

  /** @throws {InvalidResponseError} for a line, or the data of an event, that is too long */
  push(bytes: Uint8Array): Generator<ServerSentEvent, void, undefined> {
    return this.#events(this.#lines.push(bytes));
  }

  *flush(): Generator<ServerSentEvent, void, undefined> {
    yield* this.#events(this.#lines.flush());
    const last = this.#takeEvent();
    if (last !== undefined) yield last;
  }

  *#events(lines: Iterable<string>): Generator<ServerSentEvent, void, undefined> {
    for (const line of lines) {
      if (line !== "") {
        this.#readField(line);
        continue;
      }
      const event = this.#takeEvent();
      if (event !== undefined) yield event;
    }
  }

  /** The event that the fields so far make up; without data there is none. */
  #takeEvent(): ServerSentEvent | undefined {
    const event = this.#event === "" ? "message" : this.#event;
    const data = this.#data;
    this.#event = "";
    this.#data = undefined;
    return data === undefined ? undefined : { event, data, id: this.#id, retry: this.#retry };
  }

  /** A comment begins with a colon: it is a field without a name, which nobody knows. */
  #readField(line: string): void {
    const colon = line.indexOf(":");
    const name = colon === -1 ? line : line.slice(0, colon);
    const valueStart = line[colon + 1] === " " ? colon + 2 : colon + 1;
    const value = colon === -1 ? "" : line.slice(valueStart);
    switch (name) {
      case "event":
        this.#event = value;
        break;
      case "data":
        this.#addData(value);
        break;
      case "id":
        if (!value.includes("\0")) this.#id = value;
        break;
      case "retry":
        if (/^[0-9]+$/.test(value)) this.#retry = Number(value);
        break;
    }
  }

  #addData(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    if (this.#data.length <= this.#maxLineBytes) return;
    throw new InvalidResponseError(
      `data of the event at line ${this.#lines.lineNumber} must be at most ${this.#maxLineBytes} characters (maxLineBytes)`,
    );
  }
}
