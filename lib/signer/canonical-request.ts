import { hash } from "node:crypto";
import type { HeaderBag } from "@smithy/types";

/** Paths that look the same in a canonical request: nothing to encode, no empty or dotted segments. */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+$/;

/** Values that a canonical request has otherwise, or in more than one byte a character. */
const UNTIDY_VALUE = /^ | $| {2}|[^\x20-\x7e]/;

/** The header whose value the canonical request ends with. */
const PAYLOAD_HASH = "x-amz-content-sha256";

/**
 * The canonical requests of one header layout, hashed where they stand: in memory that lasts, and in which only
 * what differs from the request before is written. Nearly all of a request does not differ.
 */
export class CanonicalRequest {
  /** Names of the signed headers, sorted. */
  readonly #names: readonly string[];
  /** Those names as the canonical request lists them. */
  readonly #list: string;
  #method = "";
  #path = "";
  readonly #values: string[];
  /** Where each value stands, and the payload's hash at the end. */
  readonly #offsets: number[];
  #bytes = Buffer.alloc(0);

  constructor(names: readonly string[], list: string) {
    this.#names = names;
    this.#list = list;
    this.#values = names.map(() => "");
    this.#offsets = names.map(() => 0);
  }

  /** The hash in hexadecimal; `undefined` for a request that has to be tidied first. */
  hash(method: string, path: string, headers: HeaderBag): string | undefined {
    const isLaidOut = this.#take(method, path, headers);
    if (isLaidOut === undefined) {
      this.#path = "";
      return undefined;
    }
    if (!isLaidOut) this.#layOut(headers);
    return hash("sha256", this.#bytes, "hex");
  }

  /** Writes what is new. `false` where something has another length, `undefined` where something is untidy. */
  #take(method: string, path: string, headers: HeaderBag): boolean | undefined {
    let isLaidOut = method === this.#method && path === this.#path;
    if (!isLaidOut && !PLAIN_PATH.test(path)) return undefined;
    this.#method = method;
    this.#path = path;
    for (let index = 0; index < this.#names.length; index++) {
      const name = this.#names[index]!;
      const value: unknown = headers[name];
      const old = this.#values[index]!;
      if (value === old) continue;
      if (typeof value !== "string" || UNTIDY_VALUE.test(value)) return undefined;
      this.#values[index] = value;
      if (value.length !== old.length) isLaidOut = false;
      else if (isLaidOut) this.#write(value, name, index);
    }
    return headers[PAYLOAD_HASH] === undefined ? undefined : isLaidOut;
  }

  #write(value: string, name: string, index: number): void {
    this.#bytes.write(value, this.#offsets[index]!, "latin1");
    if (name === PAYLOAD_HASH) this.#bytes.write(value, this.#bytes.length - value.length, "latin1");
  }

  #layOut(headers: HeaderBag): void {
    let text = `${this.#method}\n${this.#path}\n\n`;
    for (const [index, name] of this.#names.entries()) {
      text += `${name}:`;
      this.#offsets[index] = text.length;
      text += `${this.#values[index]}\n`;
    }
    this.#bytes = Buffer.from(`${text}\n${this.#list}\n${headers[PAYLOAD_HASH]}`, "latin1");
  }
}
