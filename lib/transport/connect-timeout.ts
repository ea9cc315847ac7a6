import type { Socket } from "node:net";
import type { Clock, Timer } from "../clock.ts";
import { afterWholePoll, type Polled } from "../whole-poll.ts";
import { ConnectTimeoutError } from "./transport-errors.ts";

/** Parts that the time is counted in. */
const PARTS = 4;

/**
 * Closes a socket that is not ready in time. An event loop that stands still for longer than that is no network that is slow:
 * it takes a part of the time at most, as each part counts from when the one before was noticed to be over, and what has
 * come by the end of the last one is looked at first.
 */
export class ConnectTimeout implements Polled {
  readonly #socket: Socket;
  readonly #clock: Clock;
  #leftMs: number;
  #partsLeft = PARTS;
  #timer: Timer;
  #isStopped = false;

  constructor(socket: Socket, connectMs: number, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#leftMs = connectMs;
    this.#startPart();
  }

  /** The socket is ready, or is closed. */
  stop(): void {
    this.#isStopped = true;
    this.#clock.clearTimeout(this.#timer);
  }

  onPolled(): void {
    if (!this.#isStopped) this.#socket.destroy(new ConnectTimeoutError());
  }

  #startPart(): void {
    const partMs = Math.ceil(this.#leftMs / this.#partsLeft--);
    this.#leftMs -= partMs;
    this.#timer = this.#clock.setTimeout(endPart, partMs, this);
    // The socket does that, as long as somebody waits for it.
    this.#clock.holdProcess(this.#timer, false);
  }

  endPart(): void {
    if (this.#leftMs > 0) this.#startPart();
    else afterWholePoll(this);
  }
}

function endPart(timeout: ConnectTimeout): void {
  timeout.endPart();
}
