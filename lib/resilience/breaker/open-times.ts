import type { OpenCause } from "../../errors/local-errors.ts";
import type { BreakerSettings } from "./breaker-settings.ts";

/**
 * How long a breaker stays open: longer each time that it opens again without having closed. A model that loads
 * and a target that fails have schedules of their own: from one to the other, it starts anew.
 */
export class OpenTimes {
  settings: Pick<BreakerSettings, "openForMs">;
  #wasLoading: boolean | undefined;
  #timesOpened = 0;

  constructor(settings: Pick<BreakerSettings, "openForMs">) {
    this.settings = settings;
  }

  /** The time in milliseconds for an opening that happens now. */
  next(cause: OpenCause): number {
    const isLoading = cause === "notReady";
    this.#timesOpened = isLoading === this.#wasLoading ? this.#timesOpened + 1 : 0;
    this.#wasLoading = isLoading;
    return this.settings.openForMs(cause, this.#timesOpened);
  }

  /** It has closed: the next opening is the first one again. */
  reset(): void {
    this.#wasLoading = undefined;
  }
}
