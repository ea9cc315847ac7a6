import type { HeaderBag } from "@smithy/types";

/** Up to here it is cheaper to look at each byte than to call into native code. */
const SHORT_BYTES = 64;

/**
 * Reads the headers of answers from the bytes of their names and values. Nearly all answers have the same names in
 * the same order as the one before, and most of the same values: only what differs is made anew.
 */
export class AnswerHeaders {
  #layout: Layout | undefined;

  /** @param raw names and values in turn. Names in lower case come out, repeated headers as one. */
  read(raw: readonly Buffer[]): HeaderBag {
    if (this.#layout?.isOf(raw) !== true) this.#layout = new Layout(raw);
    return this.#layout.isPlain ? this.#layout.fill(raw) : collect(raw);
  }
}

/** The names of an answer's headers, in their order. */
class Layout {
  /** Whether no name is there twice, or is more than a name to an object. */
  readonly isPlain: boolean;
  readonly #names: readonly string[];
  readonly #keys: readonly string[];
  /** Every header, without a value: copied whole and then filled, which is cheaper than an object that grows. */
  readonly #blank: HeaderBag = {};
  /** The newest short value of each. */
  readonly #values: string[];

  constructor(raw: readonly Buffer[]) {
    this.#names = raw.filter((_, index) => index % 2 === 0).map(textOf);
    this.#keys = this.#names.map((name) => name.toLowerCase());
    this.#values = this.#names.map(() => "");
    for (const key of this.#keys) this.#blank[key] = "";
    this.isPlain = Object.keys(this.#blank).length === this.#keys.length;
  }

  isOf(raw: readonly Buffer[]): boolean {
    if (raw.length !== 2 * this.#names.length) return false;
    for (let index = 0; index < this.#names.length; index++) {
      if (!isText(raw[2 * index]!, this.#names[index]!)) return false;
    }
    return true;
  }

  fill(raw: readonly Buffer[]): HeaderBag {
    const headers = { ...this.#blank };
    for (let index = 0; index < this.#keys.length; index++) {
      headers[this.#keys[index]!] = this.#valueOf(index, raw[2 * index + 1]!);
    }
    return headers;
  }

  #valueOf(index: number, bytes: Buffer): string {
    if (bytes.length > SHORT_BYTES) return textOf(bytes);
    if (!isText(bytes, this.#values[index]!)) this.#values[index] = textOf(bytes);
    return this.#values[index]!;
  }
}

/** Repeated headers as one, as HTTP allows and Smithy's header bag wants. */
function collect(raw: readonly Buffer[]): HeaderBag {
  const headers = new Map<string, string>();
  for (let index = 0; index < raw.length; index += 2) {
    const key = textOf(raw[index]!).toLowerCase();
    const value = textOf(raw[index + 1]!);
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

function textOf(bytes: Buffer): string {
  return bytes.toString("latin1");
}

function isText(bytes: Buffer, text: string): boolean {
  if (bytes.length !== text.length) return false;
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
