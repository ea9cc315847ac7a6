import type { Breaker } from "../resilience/breaker/breaker.ts";
import type { BreakerState } from "../resilience/breaker/breaker-state.ts";
import { BREAKER_STATE } from "./closed-label.ts";
import { Counts } from "./counts.ts";

/**
 * The breakers that share an endpoint and a variant: one for each model, component or container called
 * there, and for each client. States and transitions are read from them at a scrape; only what would go away
 * with a breaker is kept here.
 */
export class BreakerCells {
  readonly label: string;
  /** Each with the transitions that it had made before it was counted here. */
  readonly #live = new Map<Breaker, Readonly<Record<BreakerState, number>>>();
  /** Transitions of breakers that were removed: a counter must not go back. */
  readonly #past = new Counts(BREAKER_STATE);

  /** @param label the variant */
  constructor(label: string) {
    this.label = label;
  }

  add(breaker: Breaker): void {
    this.#live.set(breaker, { ...breaker.transitions });
  }

  remove(breaker: Breaker): void {
    const before = this.#live.get(breaker);
    if (before === undefined) return;
    for (const state of BREAKER_STATE.values)
      this.#past.add(state, breaker.transitions[state] - before[state]);
    this.#live.delete(breaker);
  }

  /** How many breakers are in that state now. */
  breakersIn(state: BreakerState): number {
    let count = 0;
    for (const breaker of this.#live.keys()) if (breaker.state === state) count++;
    return count;
  }

  /** How often a breaker entered that state. */
  transitionsTo(state: BreakerState): number {
    let count = this.#past.get(state);
    for (const [breaker, before] of this.#live) count += breaker.transitions[state] - before[state];
    return count;
  }

  /** Counts transitions from 0 again. */
  clearTransitions(): void {
    this.#past.clear();
    for (const breaker of this.#live.keys()) this.add(breaker);
  }
}
