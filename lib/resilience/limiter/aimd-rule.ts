import type { LimitRule } from "./adaptive-limit.ts";
import type { SampleWindow } from "./sample-window.ts";

/**
 * Additive increase, multiplicative decrease: one permit more per round trip, and less only where the target
 * refuses or times out. Latency does not matter to it, which suits a model whose latency is in its inputs.
 */
export class AimdRule implements LimitRule {
  next(limit: number, window: SampleWindow): number {
    const roundTrips = window.answered / limit;
    return limit + Math.min(limit, Math.max(1, roundTrips));
  }
}
