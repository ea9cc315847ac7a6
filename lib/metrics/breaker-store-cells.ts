import type { FleetView, StoreError } from "../resilience/breaker/fleet-view.ts";
import { STORE_ERROR } from "./closed-label.ts";
import { Counts } from "./counts.ts";

/** The breaker stores of all clients, read at a scrape; only what would go away with a client is kept here. */
export class BreakerStoreCells {
  /** Each with the errors that it had counted before it was counted here. */
  readonly #live = new Map<FleetView, Readonly<Record<StoreError, number>>>();
  readonly #past = new Counts(STORE_ERROR);
  /** Whether there has been one: its errors are shown from then on. */
  isUsed = false;

  add(view: FleetView): void {
    this.isUsed = true;
    this.#live.set(view, { ...view.errors });
  }

  remove(view: FleetView): void {
    for (const reason of STORE_ERROR.values) this.#past.add(reason, this.#errorsOf(view, reason));
    this.#live.delete(view);
  }

  get areShared(): boolean {
    return this.#live.size > 0;
  }

  /** Whether all of them answer. */
  areUp(): boolean {
    for (const view of this.#live.keys()) if (!view.isUp) return false;
    return true;
  }

  errors(reason: StoreError): number {
    let count = this.#past.get(reason);
    for (const view of this.#live.keys()) count += this.#errorsOf(view, reason);
    return count;
  }

  /** Counts errors from 0 again. */
  clearErrors(): void {
    this.#past.clear();
    for (const view of this.#live.keys()) this.add(view);
  }

  #errorsOf(view: FleetView, reason: StoreError): number {
    return view.errors[reason] - (this.#live.get(view)?.[reason] ?? view.errors[reason]);
  }
}
