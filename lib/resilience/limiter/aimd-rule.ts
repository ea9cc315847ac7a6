import type { LimitRule } from "./adaptive-limit.ts";
import type { SampleWindow } from "./sample-window.ts";

/** How long a cut is heeded, in milliseconds: before the first, and after that, nothing speaks against fast growth. */
const CAREFUL_FOR_MS = 60_000;
/** What a window adds while no overload is known of. */
const FAST_SHARE = 0.25;

/**
 * Additive increase, multiplicative decrease: one permit more per round trip, and less only where the target
 * refuses or times out. Latency does not matter to it, which suits a model whose latency is in its inputs.
 *
 * One per round trip of a minute is nothing, though: a limit that no overload has shown to be near what the target
 * can take grows by a quarter a window.
 */
export class AimdRule implements LimitRule {
  #cutAt = Number.NEGATIVE_INFINITY;

  next(limit: number, window: SampleWindow, now: number): number {
    const roundTrips = window.answered / limit;
    const fast = now - this.#cutAt < CAREFUL_FOR_MS ? 0 : limit * FAST_SHARE;
    return limit + Math.min(limit, Math.max(1, roundTrips, fast));
  }

  wasCut(now: number): void {
    this.#cutAt = now;
  }
}
