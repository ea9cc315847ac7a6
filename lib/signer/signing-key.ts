import { createHmac, hash } from "node:crypto";
import type { AwsCredentialIdentity } from "@smithy/types";

const ALGORITHM = "AWS4-HMAC-SHA256";

/** Bytes of a block of SHA-256: the key of an HMAC is padded to one. */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const HEX_DIGEST_BYTES = 64;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/**
 * Makes the last step of SigV4: the HMAC of the date, the scope and the request's hash, under the key of the day.
 *
 * The HMAC is two one-shot hashes (RFC 2104) over memory that lasts from signature to signature, where all but
 * the request's hash stands already: measured, `crypto.createHmac` takes twice as long, for an object that
 * signs once.
 */
export class SigningKey {
  readonly #region: string;
  readonly #service: string;
  #identity: AwsCredentialIdentity | undefined;
  #day = "";
  #second = Number.NaN;
  #date = "";
  #credential = "";
  /** The padded key, and behind it what is signed: the request's hash is its end. */
  #inner = Buffer.alloc(BLOCK_BYTES);
  /** The other padded key, and behind it the hash of the first. */
  readonly #outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);

  constructor(region: string, service: string) {
    this.#region = region;
    this.#service = service;
  }

  /** The date that {@link sign} signs, as `x-amz-date` has it. */
  get date(): string {
    return this.#date;
  }

  /** Who signs what, as the authorization header begins. */
  get credential(): string {
    return this.#credential;
  }

  /** Says who signs, and when. Dear once a second, dearer once a day and identity. @param datedAt epoch milliseconds */
  prepare(identity: AwsCredentialIdentity, datedAt: number): void {
    const second = Math.floor(datedAt / 1_000);
    if (second === this.#second && identity === this.#identity) return;
    this.#second = second;
    this.#date = `${new Date(second * 1_000).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
    const day = this.#date.slice(0, 8);
    const scope = `${day}/${this.#region}/${this.#service}/aws4_request`;
    this.#credential = `${ALGORITHM} Credential=${identity.accessKeyId}/${scope}, `;
    this.#writeBeginning(`${ALGORITHM}\n${this.#date}\n${scope}\n`);
    if (day === this.#day && identity === this.#identity) return;
    this.#day = day;
    this.#identity = identity;
    this.#pad(this.#derive(identity.secretAccessKey, day));
  }

  /** The signature in hexadecimal. @param requestHash of the canonical request, in hexadecimal */
  sign(requestHash: string): string {
    const inner = this.#inner;
    inner.write(requestHash, inner.length - HEX_DIGEST_BYTES, "latin1");
    this.#outer.write(hash("sha256", inner, "binary"), BLOCK_BYTES, "latin1");
    return hash("sha256", this.#outer, "hex");
  }

  #writeBeginning(text: string): void {
    const length = BLOCK_BYTES + Buffer.byteLength(text) + HEX_DIGEST_BYTES;
    if (this.#inner.length !== length) {
      const padded = this.#inner.subarray(0, BLOCK_BYTES);
      this.#inner = Buffer.concat([padded], length);
    }
    this.#inner.write(text, BLOCK_BYTES);
  }

  #pad(key: Buffer): void {
    for (let index = 0; index < BLOCK_BYTES; index++) {
      const byte = key[index] ?? 0;
      this.#inner[index] = byte ^ INNER_PAD;
      this.#outer[index] = byte ^ OUTER_PAD;
    }
  }

  #derive(secret: string, day: string): Buffer {
    const ofDay = hmac(`AWS4${secret}`, day);
    const ofRegion = hmac(ofDay, this.#region);
    return hmac(hmac(ofRegion, this.#service), "aws4_request");
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
