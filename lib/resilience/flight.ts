import type { Call } from "../call.ts";
import type { Cancellable, CancelReason } from "../cancellation.ts";
import type { CallResult } from "../types.ts";

/** How a flight ended, for everybody on board. */
export type Landing = { readonly result: CallResult } | { readonly error: unknown };

/**
 * One invocation that several identical calls wait for. Its last passenger to leave ends it. From the first on who leaves
 * it is to be boarded no more: it may never land, and whoever then boards would keep it from its end.
 */
export class Flight {
  /** The call that is made for all of them. */
  readonly shared: Call;
  readonly #seats = new Set<Seat>();
  readonly #onLeft: () => void;

  /** @param onLeft called when somebody has left before the landing */
  constructor(shared: Call, onLeft: () => void) {
    this.shared = shared;
    this.#onLeft = onLeft;
  }

  /** Waits on behalf of a call; `undefined` where that was cancelled. */
  async board(call: Call): Promise<Landing | undefined> {
    if (call.cancelled !== undefined) return undefined;
    // Whoever is allowed the longest decides how long there may be retries.
    this.shared.deadlineAt = Math.max(this.shared.deadlineAt, call.deadlineAt);
    const seat = new Seat((reason) => this.#leave(seat, reason));
    this.#seats.add(seat);
    call.running = seat;
    const landing = await seat.landing;
    call.running = undefined;
    return landing;
  }

  land(landing: Landing): void {
    for (const seat of this.#seats) seat.settle(landing);
    this.#seats.clear();
  }

  #leave(seat: Seat, reason: CancelReason): void {
    if (!this.#seats.delete(seat)) return;
    seat.settle(undefined);
    this.#onLeft();
    if (this.#seats.size === 0) this.shared.cancel(reason);
  }
}

class Seat implements Cancellable {
  readonly landing: Promise<Landing | undefined>;
  readonly cancel: (reason: CancelReason) => void;
  settle!: (landing: Landing | undefined) => void;

  constructor(cancel: (reason: CancelReason) => void) {
    this.cancel = cancel;
    this.landing = new Promise((resolve) => {
      this.settle = resolve;
    });
  }
}
