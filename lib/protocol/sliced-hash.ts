import { createHash } from "node:crypto";
import type { Cancellable, CancelScope } from "../cancellation.ts";
import { HASHING, inSlices, type SlicedWork } from "../sliced-work.ts";

/**
 * Payloads up to this size are hashed in one go, larger ones in slices of it. Measured with
 * `npm run bench -- --parts closed-loop`: SHA-256 takes 0.3 to 0.6 ms for it, in which the event loop stands still.
 */
export const HASH_SLICE_BYTES = 524_288;

/**
 * SHA-256 of a large payload in hexadecimal, without stopping the event loop for longer than a slice takes;
 * `undefined` where `scope` was cancelled meanwhile. The bytes must not change until then.
 *
 * `crypto.subtle` hashes on another thread, but copies the payload first, on this one: measured, that stops
 * the loop for as long as two slices, and costs a third more CPU.
 */
export async function hashInSlices(bytes: Uint8Array, scope: CancelScope): Promise<string | undefined> {
  if (scope.cancelled !== undefined) return undefined;
  const job = new SlicedHash(bytes);
  scope.running = job;
  inSlices(HASHING, job);
  const digest = await job.digest;
  scope.running = undefined;
  return digest;
}

class SlicedHash implements SlicedWork, Cancellable {
  readonly digest: Promise<string | undefined>;
  isOver = false;
  readonly #bytes: Uint8Array;
  readonly #hash = createHash("sha256");
  #offset = 0;
  #resolve!: (digest: string | undefined) => void;
  #reject!: (error: unknown) => void;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.digest = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  step(): void {
    try {
      this.#hashSlice();
    } catch (error) {
      // Memory that was transferred to another thread meanwhile has no bytes any more.
      this.isOver = true;
      this.#reject(error);
    }
  }

  cancel(): void {
    if (!this.isOver) this.#settle(undefined);
  }

  #hashSlice(): void {
    const end = this.#offset + HASH_SLICE_BYTES;
    this.#hash.update(this.#bytes.subarray(this.#offset, end));
    this.#offset = end;
    if (end >= this.#bytes.byteLength) this.#settle(this.#hash.digest("hex"));
  }

  #settle(digest: string | undefined): void {
    this.isOver = true;
    this.#resolve(digest);
  }
}
