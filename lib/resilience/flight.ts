import type { Call } from "../call.ts";
import type { Cancellable, CancelReason } from "../cancellation.ts";
import { TimeoutError } from "../errors/local-errors.ts";
import type { CallResult } from "../types.ts";
import { AnswerTime } from "./answer-time.ts";
import type { KeyedUnit } from "./keyed.ts";

/** A flight that takes so many times as long as is usual is late: of exponential times, one in fifty is. */
const LATE = 4;
/** No flight is late sooner, in milliseconds: below it, what is late is mostly this process. */
const LEAST_LATE_MS = 100;

/** How long the flights to one target take, in the mean. */
export class FlightTime extends AnswerTime implements KeyedUnit {
  lastUsed = 0;

  /** How old a flight may be that is boarded, in milliseconds; `Infinity` where none has landed yet. */
  get boardableForMs(): number {
    return this.ms === 0 ? Number.POSITIVE_INFINITY : Math.max(LEAST_LATE_MS, LATE * this.ms);
  }
}

/** How a flight ended, for everybody on board. */
export type Landing = { readonly result: CallResult } | { readonly error: unknown };

/**
 * One invocation that several identical calls wait for. Its last passenger to leave ends it. From the first on who leaves
 * it is to be boarded no more: it may never land, and whoever then boards would keep it from its end. Nor is one that is
 * late: it may be lost, and the next one is not.
 */
export class Flight {
  /** The call that is made for all of them. */
  readonly shared: Call;
  readonly boardableForMs: number;
  readonly #tookOffAt: number;
  readonly #seats = new Set<Seat>();
  readonly #onLeft: () => void;

  /**
   * @param onLeft called when somebody has left before the landing
   * @param boardableForMs how old it may be, in milliseconds, for others to board it
   */
  constructor(shared: Call, onLeft: () => void, boardableForMs = Number.POSITIVE_INFINITY) {
    this.shared = shared;
    this.boardableForMs = boardableForMs;
    this.#tookOffAt = shared.clock.now();
    this.#onLeft = onLeft;
  }

  /** How long it has been under way, in milliseconds. */
  get ageMs(): number {
    return this.shared.clock.now() - this.#tookOffAt;
  }

  get isLate(): boolean {
    return this.ageMs >= this.boardableForMs;
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

/**
 * Whether nothing was heard of an invocation, by a call that has not waited for as long as an attempt of its own might
 * take. One that was lost on its way would otherwise be the loss of all that were made meanwhile.
 */
export function mayFlyAgain({ clock, startedAt }: Call, landing: Landing | undefined): boolean {
  if (landing === undefined || !("error" in landing)) return false;
  const { error } = landing;
  if (!(error instanceof TimeoutError) || (error.clock !== "attempt" && error.clock !== "socket"))
    return false;
  return clock.now() - startedAt < error.timeoutMs;
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
