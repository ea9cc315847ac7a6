import type { OpenClient } from "../client.ts";
import { checkAnswer } from "./load.ts";

export interface OpenLoadOptions {
  /** What the client sends. */
  readonly request: Uint8Array;
  /** Length of every answer's body. */
  readonly answerBytes: number;
  readonly ratePerSecond: number;
  /** Passed to every call, as a service passes its shut-down signal. */
  readonly abortSignal?: AbortSignal;
  /**
   * How to wait for the next turn. `spin` looks at every turn of the event loop, so that a call starts within
   * microseconds of its time, at the price of a whole core; `timer` looks once a millisecond.
   */
  readonly pacing: "spin" | "timer";
  /**
   * A client that is that late with starting a call is given up, in milliseconds.
   * @default 1_000 - it will not catch up
   */
  readonly maxLagMs?: number;
  /**
   * Called for every answer with its latency in milliseconds, counted from when its call was due, and with how long that
   * was after the start.
   */
  onAnswer(latencyMs: number, dueAfterMs: number): void;
}

/** What came of a run. */
export interface OpenRun {
  /** Calls that were made: all that were due, unless the client fell behind. */
  readonly calls: number;
  readonly wallMs: number;
  /** Whether every call was made, none of them far too late, and answered about as fast as they came. */
  readonly isSustained: boolean;
}

/** No client may hold more calls: one that cannot keep up would run out of memory instead of showing it. */
const MAX_IN_FLIGHT = 1_024;

const DEFAULT_MAX_LAG_MS = 1_000;

/** A client that needs more than this much of the time for the calls is falling behind, if slowly. */
const MAX_OVERTIME = 1.05;

/**
 * Calls at a fixed rate, whatever becomes of the calls. Each has a time at which it is due, and its latency counts from
 * there: a client that is slow to start one pays for that as the users would, who do not wait to ask until it is ready.
 */
export class OpenLoad {
  readonly #client: OpenClient;
  readonly #options: OpenLoadOptions;
  readonly #intervalMs: number;
  #inFlight = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(client: OpenClient, options: OpenLoadOptions) {
    this.#client = client;
    this.#options = options;
    this.#intervalMs = 1_000 / options.ratePerSecond;
  }

  /**
   * Makes the calls that are due in `durationMs`, and resolves when all are answered.
   *
   * @throws whatever a call failed with, and for an answer that is not the load server's
   */
  async run(durationMs: number): Promise<OpenRun> {
    const { maxLagMs = DEFAULT_MAX_LAG_MS } = this.#options;
    const startedAt = performance.now();
    const planned = Math.round(durationMs / this.#intervalMs);
    let calls = 0;
    let isSustained = true;
    while (isSustained && calls < planned) {
      const now = performance.now();
      const due = Math.min(planned, Math.floor((now - startedAt) / this.#intervalMs) + 1);
      while (calls < due && this.#inFlight < MAX_IN_FLIGHT) {
        void this.#call(startedAt, calls++ * this.#intervalMs);
      }
      isSustained = calls === due || now - (startedAt + calls * this.#intervalMs) < maxLagMs;
      await this.#nextTurn();
    }
    while (this.#inFlight > 0) await this.#nextTurn();
    if (this.#failure !== undefined) throw this.#failure.error;
    const wallMs = performance.now() - startedAt;
    return { calls, wallMs, isSustained: isSustained && wallMs < durationMs * MAX_OVERTIME };
  }

  async #call(startedAt: number, dueAfterMs: number): Promise<void> {
    const { request, answerBytes, abortSignal, onAnswer } = this.#options;
    this.#inFlight++;
    try {
      const { status, body } = await this.#client.call(request, abortSignal);
      checkAnswer(status, body, answerBytes);
      onAnswer(performance.now() - startedAt - dueAfterMs, dueAfterMs);
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#inFlight--;
    }
  }

  #nextTurn(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    return new Promise((resolve) => {
      if (this.#options.pacing === "spin") setImmediate(resolve);
      else setTimeout(resolve, 1);
    });
  }
}
