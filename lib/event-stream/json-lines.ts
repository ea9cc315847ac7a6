import { InvalidResponseError } from "../errors/local-errors.ts";
import { LineSplitter } from "./lines.ts";
import type { Splitter } from "./splitter.ts";

/** Cuts bytes into the values of JSON Lines, one to a line. Blank lines are skipped. */
export class JsonLineSplitter<T> implements Splitter<T> {
  readonly #lines: LineSplitter;

  constructor(maxLineBytes: number) {
    this.#lines = new LineSplitter(maxLineBytes, "lf");
  }

  /** @throws {InvalidResponseError} for a line that is not JSON or too long */
  push(bytes: Uint8Array): Generator<T, void, undefined> {
    return this.#values(this.#lines.push(bytes));
  }

  flush(): Generator<T, void, undefined> {
    return this.#values(this.#lines.flush());
  }

  *#values(lines: Iterable<string>): Generator<T, void, undefined> {
    for (const line of lines) {
      if (line.trim() !== "") yield this.#value(line);
    }
  }

  #value(line: string): T {
    try {
      return JSON.parse(line);
    } catch {
      // Without the parser's error as the cause: its message quotes the answer.
      throw new InvalidResponseError(`line ${this.#lines.lineNumber} of the answer is not JSON`);
    }
  }
}
