/** What a unit that guards a target says of it: a breaker, a limiter. */
export interface OverloadSignal {
  /** Whether the target has more to do than it can, or has had until now: nothing optional is to be added. */
  readonly isOverloaded: boolean;
}
