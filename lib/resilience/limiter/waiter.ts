import type { Cancellable } from "../../cancellation.ts";
import { Expiry, type Timeouts } from "../../timeouts.ts";
import type { Link } from "./chain.ts";
import type { Tenant } from "./tenants.ts";

/** How a wait ends: with a permit, which is a number above 0, or without. */
export type WaitEnd = number | "shed" | "expired" | "cancelled";

/** Whose attempt waits. That changes where others come to share it. */
export interface Caller {
  /** {@link Clock.now} by which it ends, whether it is answered or not. */
  readonly deadlineAt: number;
}

/** Where a waiter stands, to be told when it leaves by itself. */
export interface WaitingRoom {
  leave(waiter: Waiter, end: "expired" | "cancelled"): void;
}

/** One attempt that waits for a permit. Whoever takes it out of the queue settles it, in the same tick. */
export class Waiter extends Expiry implements Cancellable, Link<Waiter> {
  readonly rank: number;
  readonly tenant: Tenant;
  readonly end: Promise<WaitEnd>;
  /** {@link Clock.now} since when it waits, and for how long at the most, in milliseconds. */
  readonly queuedAt: number;
  readonly timeoutMs: number;
  readonly caller: Caller;
  /** Neighbours in its line. */
  before: Waiter | undefined;
  after: Waiter | undefined;
  readonly #room: WaitingRoom;
  readonly #timeouts: Timeouts;
  #resolve!: (end: WaitEnd) => void;
  #isSettled = false;

  constructor(
    room: WaitingRoom,
    rank: number,
    tenant: Tenant,
    timeouts: Timeouts,
    queuedAt: number,
    timeoutMs: number,
    caller: Caller,
  ) {
    super();
    this.rank = rank;
    this.tenant = tenant;
    this.queuedAt = queuedAt;
    this.timeoutMs = timeoutMs;
    this.caller = caller;
    this.end = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.before = undefined;
    this.after = undefined;
    this.#room = room;
    this.#timeouts = timeouts;
    timeouts.start(this, queuedAt, timeoutMs);
  }

  settle(end: WaitEnd): void {
    this.#isSettled = true;
    this.#timeouts.stop(this);
    this.#resolve(end);
  }

  /** Leaves the queue; without effect once it has got its permit, which is then for its owner to return. */
  cancel(): void {
    if (!this.#isSettled) this.#room.leave(this, "cancelled");
  }

  expire(): void {
    this.#room.leave(this, "expired");
  }
}
