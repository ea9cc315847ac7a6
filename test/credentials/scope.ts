import type { Cancellable, CancelReason, CancelScope } from "../../lib/cancellation.ts";

/** A call as far as waiting for credentials goes: it owns one wait, and may be cancelled. */
export class Scope implements CancelScope {
  running: Cancellable | undefined = undefined;
  cancelled: CancelReason | undefined = undefined;

  cancel(reason: CancelReason = "abort"): void {
    this.cancelled = reason;
    this.running?.cancel(reason);
  }
}
