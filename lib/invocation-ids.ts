import { randomUUID } from "node:crypto";

const COUNTER_DIGITS = 6;
const MAX_COUNTER = 16 ** COUNTER_DIGITS - 1;
/** What a UUID has ahead of the counter: its version, its variant and 98 random bits. */
const BEGINNING_LENGTH = 36 - COUNTER_DIGITS;

/**
 * Ids of calls, as `amz-sdk-invocation-id` has them: UUIDs, so that those of other clients differ. They are
 * looked for in logs and keep no secret, so the last digits count, and the rest is drawn once they are used up.
 */
export class InvocationIds {
  #beginning = "";
  #counter = MAX_COUNTER;

  next(): string {
    if (this.#counter++ === MAX_COUNTER) {
      this.#beginning = randomUUID().slice(0, BEGINNING_LENGTH);
      this.#counter = 0;
    }
    return this.#beginning + this.#counter.toString(16).padStart(COUNTER_DIGITS, "0");
  }
}
