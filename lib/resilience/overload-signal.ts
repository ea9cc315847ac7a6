/** What a unit that guards a target says of it: a breaker, a limiter. */
export interface OverloadSignal {
  /** Whether the target has more to do than it can, or has had until now: nothing optional is to be added. */
  readonly isOverloaded: boolean;
  /**
   * How long a limiter has let attempts through one at a time, because none was answered, in milliseconds;
   * `undefined` while it does not.
   */
  readonly pacingForMs?: number | undefined;
  /** Whether whoever comes now has to wait for its turn in that. */
  readonly isHoldingBack?: boolean;
}
