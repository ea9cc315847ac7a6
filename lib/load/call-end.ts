import type { Outcome } from "../outcome.ts";

/** How long one attempt took, and how it ended. */
export interface AttemptTime {
  readonly durationMs: number;
  readonly outcome: Outcome;
  /** Whether its end says that the target has too much to do, as the client's own layers see it. */
  readonly isOverload: boolean;
}

/** What a load run keeps of a call: nothing that was sent or received. */
export interface CallEnd {
  readonly outcome: Outcome;
  /** The production variant that decided it: that answered, or else that was asked for; `_unknown`, `_none`. */
  readonly variant: string;
  /** Whether an alternative of the client's `fallback` answered. @default false */
  readonly isFromFallback?: boolean;
  /** Name of the error, where one was thrown. */
  readonly error: string | undefined;
  /** Attempts of which bytes may have been sent, in order. */
  readonly attempts: readonly AttemptTime[];
}
