import type { HeaderBag } from "@smithy/types";
import { type HeaderLine, readHeaderLine } from "./header-line.ts";

/**
 * Reads the headers of answers. Nearly all answers have the same names in the same order as the one before, and most of
 * the same lines: only what differs is read anew.
 */
export class AnswerHeaders {
  /** Of the newest answer. */
  readonly #lines: HeaderLine[] = [];
  /** Whether the lines have other names than {@link #newest}. */
  #isNew = true;
  /** Whether no name is there twice, or is more than a name to an object. */
  #isPlain = false;
  /** What the lines say. It is copied whole, which is cheaper than an object that grows. */
  #newest: HeaderBag = {};

  /**
   * @param head up to and with the end of its last header
   * @param start where its first header begins
   * @returns names in lower case, repeated headers as one; the object is the caller's
   * @throws {AnswerSyntaxError} for a line that is no header
   */
  read(head: string, start: number): HeaderBag {
    let count = 0;
    for (let at = start; at < head.length; count++) {
      const known = this.#lines[count];
      at +=
        known !== undefined && head.startsWith(known.text, at)
          ? known.text.length
          : this.#learn(head, at, count);
    }
    if (this.#isNew || count !== this.#lines.length) this.#layOut(count);
    return this.#isPlain ? { ...this.#newest } : collect(this.#lines);
  }

  /** Returns the length of the line. */
  #learn(head: string, at: number, index: number): number {
    const line = readHeaderLine(head, at);
    if (line.name === this.#lines[index]?.name) this.#newest[line.name] = line.value;
    else this.#isNew = true;
    this.#lines[index] = line;
    return line.text.length;
  }

  #layOut(count: number): void {
    this.#lines.length = count;
    this.#newest = {};
    for (const { name, value } of this.#lines) this.#newest[name] = value;
    this.#isPlain = Object.keys(this.#newest).length === count;
    this.#isNew = false;
  }
}

/** Repeated headers as one, as HTTP allows and Smithy's header bag wants. */
function collect(lines: readonly HeaderLine[]): HeaderBag {
  const headers = new Map<string, string>();
  for (const { name, value } of lines) {
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}
