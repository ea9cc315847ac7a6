import { createHistogram } from "node:perf_hooks";
import type { OpenClient } from "../client.ts";

/** Decides before each call whether there is to be one; `now` is on the scale of `performance.now()`. */
export type More = (now: number) => boolean;

const NS_PER_MS = 1e6;
const NS_PER_US = 1e3;

/** Drives one client in a closed loop and checks every answer. */
export class Load {
  readonly #client: OpenClient;
  readonly #request: Uint8Array;
  readonly #answer: Uint8Array;
  readonly #abortSignal: AbortSignal | undefined;
  readonly #latencyNs = createHistogram({ figures: 3 });
  #calls = 0;

  /**
   * @param answer - what the load server answers with
   * @param abortSignal - passed to every call, as a service passes its shut-down signal
   */
  constructor(client: OpenClient, request: Uint8Array, answer: Uint8Array, abortSignal?: AbortSignal) {
    this.#abortSignal = abortSignal;
    this.#client = client;
    this.#request = request;
    this.#answer = answer;
  }

  /** Calls made since the start, also those that {@link compareOne} made. */
  get calls(): number {
    return this.#calls;
  }

  /** Latency that `percent` of the calls of the latest {@link run} stayed within, in microseconds. */
  latencyUs(percent: number): number {
    return this.#latencyNs.percentile(percent) / NS_PER_US;
  }

  /** Makes one call and compares its answer byte by byte. In the loops, length and status have to do. */
  async compareOne(): Promise<void> {
    const { status, body } = await this.#client.call(this.#request, this.#abortSignal);
    this.#calls++;
    checkAnswer(status, body, this.#answer.byteLength);
    if (Buffer.compare(body, this.#answer) !== 0)
      throw new Error("an answer with other bytes than were sent");
  }

  /** Keeps `concurrency` calls in flight while there are to be more, and returns how many were made. */
  async run(concurrency: number, more: More): Promise<number> {
    const before = this.#calls;
    this.#latencyNs.reset();
    await Promise.all(Array.from({ length: concurrency }, () => this.#callWhile(more)));
    return this.#calls - before;
  }

  async #callWhile(more: More): Promise<void> {
    let startedAt = performance.now();
    while (more(startedAt)) {
      this.#calls++;
      const { status, body } = await this.#client.call(this.#request, this.#abortSignal);
      checkAnswer(status, body, this.#answer.byteLength);
      const now = performance.now();
      this.#latencyNs.record(Math.max(1, Math.round((now - startedAt) * NS_PER_MS)));
      startedAt = now;
    }
  }
}

/** @throws {Error} for another status than 200, or another length than the load server's answers have */
export function checkAnswer(status: number, body: Uint8Array, byteLength: number): void {
  if (status === 200 && body instanceof Uint8Array && body.byteLength === byteLength) return;
  const got = body instanceof Uint8Array ? `${body.byteLength} bytes` : `a ${typeof body} as body`;
  throw new Error(`an answer with status ${status} and ${got}, expected 200 and ${byteLength} bytes`);
}
