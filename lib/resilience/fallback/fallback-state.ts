import type { HashedPayload } from "../../protocol/payload.ts";

/** What only a call has that may fall back, or that is an alternative. */
export class FallbackState {
  /** Whether the call is an alternative of another one: its first attempt is of the kind `fallback`. */
  readonly isAlternative: boolean;
  /** How long the call waits for a model that is being loaded, in milliseconds; `undefined`: as `retry` says. */
  readonly waitForModelMs: number | undefined;
  /** What `serialize` need not make anew, as long as the input has this payload. */
  readonly hashedBefore: HashedPayload | undefined;
  /** Attempts that another client or a function made for the call, as far as they say. */
  attemptsElsewhere = 0;
  mayHaveExecutedElsewhere = false;

  constructor(isAlternative: boolean, waitForModelMs: number | undefined, hashedBefore?: HashedPayload) {
    this.isAlternative = isAlternative;
    this.waitForModelMs = waitForModelMs;
    this.hashedBefore = hashedBefore;
  }

  /** Takes note of what others did. */
  addElsewhere(attempts: number, mayHaveExecuted: boolean): void {
    this.attemptsElsewhere += attempts;
    this.mayHaveExecutedElsewhere ||= mayHaveExecuted;
  }
}
