import type { BreakerState, BreakerTransition } from "./breaker-state.ts";

/** Counts the changes of state of a breaker and tells its listener of them. */
export class TransitionLog {
  /** How often each state was entered. */
  readonly counts: Record<BreakerState, number> = {
    closed: 0,
    open: 0,
    halfOpen: 0,
    recovering: 0,
    isolated: 0,
  };
  onStateChange: ((transition: BreakerTransition) => void) | undefined;

  constructor(onStateChange: ((transition: BreakerTransition) => void) | undefined) {
    this.onStateChange = onStateChange;
  }

  /** A listener that throws must not get between the breaker and its gate: its error is the process's. */
  add(transition: BreakerTransition): void {
    this.counts[transition.to]++;
    try {
      this.onStateChange?.(transition);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
