import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import type { Checksum, SourceData } from "@smithy/types";

/**
 * SHA-256, or HMAC-SHA-256 where a secret is given, by Node's own OpenSSL: what `@smithy/signature-v4` takes
 * as its `sha256` option.
 */
export class Sha256 implements Checksum {
  readonly digestLength = 32;
  #secret: Buffer | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = open(this.#secret);
  }

  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }

  /** The 32 bytes. Once: `reset()` first to hash something else. */
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = open(this.#secret);
  }
}

function open(secret: Buffer | undefined): Hash | Hmac {
  return secret === undefined ? createHash("sha256") : createHmac("sha256", secret);
}

function bytesOf(data: SourceData): Buffer {
  if (typeof data === "string") return Buffer.from(data);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
