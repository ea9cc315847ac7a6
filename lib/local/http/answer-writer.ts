import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import type { FaultPlan } from "../faults/injector.ts";
import { abortable, pause } from "../wait.ts";

/** How an answer ended: whole, cut by a fault, or left by the client. */
export type AnswerEnd = "whole" | "reset" | "stall" | "truncate" | "closed";

/** What a fault plan says about the answer itself. */
export type AnswerShape = Pick<FaultPlan, "cut" | "bytesPerSecond">;

/** How often slowed bytes are sent: smooth enough to look slow, rare enough to be cheap. */
const SLICE_MS = 20;

/** How long after the last bytes a reset follows: enough for a client on this machine to have read them. */
const RESET_AFTER_MS = 20;

/** Writes one answer: no faster than the client reads it, at the speed and to the end that faults allow. */
export class AnswerWriter {
  #response: ServerResponse;
  #clock: Clock;
  #signal: AbortSignal;
  #shape: AnswerShape;
  #cutAt: number | undefined;
  #written = 0;
  #end: AnswerEnd | undefined;

  constructor(response: ServerResponse, shape: AnswerShape, clock: Clock, signal: AbortSignal) {
    this.#response = response;
    this.#shape = shape;
    this.#clock = clock;
    this.#signal = signal;
    this.#cutAt = shape.cut?.afterBytes;
  }

  /** Sends a part of the body. False: the answer has ended, and nothing more is sent. */
  async write(bytes: Uint8Array): Promise<boolean> {
    if (this.#end !== undefined) return false;
    const { cut } = this.#shape;
    if (cut !== undefined) this.#cutAt ??= Math.floor(bytes.length / 2);
    const room = (this.#cutAt ?? Number.POSITIVE_INFINITY) - this.#written;
    await this.#pace(room < bytes.length ? bytes.subarray(0, room) : bytes);
    if (this.#signal.aborted) this.#end = "closed";
    else if (cut !== undefined && this.#written >= this.#cutAt!) await this.#cut(cut.how);
    return this.#end === undefined;
  }

  /** Ends the body. */
  async end(): Promise<AnswerEnd> {
    if (this.#end !== undefined) return this.#end;
    const { cut } = this.#shape;
    if (cut !== undefined && this.#cutAt === this.#written) {
      await this.#cut(cut.how);
      return cut.how;
    }
    this.#response.end();
    this.#end = "whole";
    return "whole";
  }

  async #pace(bytes: Uint8Array): Promise<void> {
    const { bytesPerSecond } = this.#shape;
    if (bytesPerSecond === undefined) return this.#push(bytes);
    const sliceBytes = Math.max(1, Math.floor((bytesPerSecond * SLICE_MS) / 1000));
    for (let offset = 0; offset < bytes.length && !this.#signal.aborted; offset += sliceBytes) {
      const slice = bytes.subarray(offset, offset + sliceBytes);
      await this.#push(slice);
      await pause(this.#clock, (slice.length / bytesPerSecond) * 1000, this.#signal);
    }
  }

  /** Settles when the bytes have left this process, which also is what holds a fast source back. */
  async #push(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.#signal.aborted) return;
    const written = new Promise<void>((resolve) => this.#response.write(bytes, () => resolve()));
    this.#written += bytes.length;
    await abortable(written, this.#signal).catch(ignore);
  }

  async #cut(how: "reset" | "stall" | "truncate"): Promise<void> {
    this.#end = how;
    const { socket } = this.#response;
    if (socket === null || how === "stall") return;
    if (how === "reset") {
      // A reset that arrives together with the last bytes reads as a plain end to libuv, or loses the bytes.
      await pause(this.#clock, RESET_AFTER_MS, this.#signal);
      // A client in this process that was held up for as long has its turn to read first.
      await nextTurn();
      socket.resetAndDestroy();
    } else if (this.#response.hasHeader("content-length")) socket.destroySoon();
    else this.#response.end();
  }
}

function ignore(): void {}
