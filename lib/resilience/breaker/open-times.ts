import type { OpenCause } from "../../errors/local-errors.ts";
import type { BreakerSettings } from "./breaker-settings.ts";

/** How long a breaker stays open: longer each time that it opens again for the same cause without having closed. */
export class OpenTimes {
  readonly #settings: Pick<BreakerSettings, "openForMs">;
  #lastCause: OpenCause | undefined;
  #timesOpened = 0;

  constructor(settings: Pick<BreakerSettings, "openForMs">) {
    this.#settings = settings;
  }

  /** The time in milliseconds for an opening that happens now. */
  next(cause: OpenCause): number {
    this.#timesOpened = cause === this.#lastCause ? this.#timesOpened + 1 : 0;
    this.#lastCause = cause;
    return this.#settings.openForMs(cause, this.#timesOpened);
  }

  /** It has closed: the next opening is the first one again. */
  reset(): void {
    this.#lastCause = undefined;
  }
}
