import type { Socket } from "node:net";
import { inSlices, SENDING, type SlicedWork } from "../sliced-work.ts";
import { ResizedPayloadError } from "./transport-errors.ts";

/** Up to here the head and the payload leave in one piece: to hand the system a list of two is dearer than the copy. */
const MAX_GATHERED_BYTES = 4_096;

/**
 * Payloads up to this size are handed to the socket in one piece, larger ones in pieces of it: the system copies at
 * once what its buffers take, and the event loop stands still meanwhile. As much as is hashed at once: writing twice
 * that took over a millisecond at times, and smaller slices cost more CPU.
 */
export const SEND_SLICE_BYTES = 524_288;

/** Writes the requests of one socket that leave at once, each once the system has all of the one before. */
export class RequestWriter {
  readonly #socket: Socket;
  /**
   * For one request after another. Memory outside of the heap counts for when the collector goes over the whole heap: new
   * memory for each request has it do so again and again.
   */
  #gathered: Buffer | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  write(head: string, payload: Uint8Array): void {
    const socket = this.#socket;
    if (payload.byteLength === 0) {
      socket.write(head, "latin1");
    } else if (head.length + payload.byteLength <= MAX_GATHERED_BYTES) {
      socket.write(this.#gather(head, payload));
    } else {
      socket.cork();
      socket.write(head, "latin1");
      socket.write(payload);
      socket.uncork();
    }
  }

  #gather(head: string, payload: Uint8Array): Buffer {
    this.#gathered ??= Buffer.allocUnsafeSlow(MAX_GATHERED_BYTES);
    this.#gathered.set(payload, this.#gathered.write(head, "latin1"));
    return this.#gathered.subarray(0, head.length + payload.byteLength);
  }
}

/** A large payload on its way out, a slice per turn of the event loop, each once the system has taken the one before. */
export class SlicedUpload implements SlicedWork {
  /** Whether there is nothing to do just now. */
  isOver = false;
  /** Whether the whole payload was handed over. */
  isDone = false;
  readonly #socket: Socket;
  #payload: Uint8Array | undefined;
  readonly #payloadBytes: number;
  readonly #onSlice: () => void;
  #sent = 0;

  /** @param onSlice called when a slice goes out */
  constructor(socket: Socket, payload: Uint8Array, onSlice: () => void) {
    this.#socket = socket;
    this.#payload = payload;
    this.#payloadBytes = payload.byteLength;
    this.#onSlice = onSlice;
    inSlices(SENDING, this);
  }

  step(): void {
    this.isOver = true;
    const payload = this.#payload!;
    if (this.#socket.destroyed || !this.#socket.writable) return;
    if (payload.byteLength !== this.#payloadBytes) {
      this.#socket.destroy(new ResizedPayloadError());
      return;
    }
    const slice = payload.subarray(this.#sent, this.#sent + SEND_SLICE_BYTES);
    this.#sent += slice.byteLength;
    this.isDone = this.#sent === this.#payloadBytes;
    if (this.isDone) this.#payload = undefined;
    this.#onSlice();
    this.#socket.write(slice, this.#goOn);
    // What the system has taken at once may be followed in the same turn.
    this.isOver = this.isDone || this.#socket.writableLength > 0;
  }

  readonly #goOn = (): void => {
    if (this.isDone || !this.isOver || this.#socket.writableLength > 0) return;
    this.isOver = false;
    inSlices(SENDING, this);
  };
}
