import {
  AdaptiveLimit,
  type LimitBounds,
  type LimitRule,
} from "../../lib/resilience/limiter/adaptive-limit.ts";
import { AimdRule } from "../../lib/resilience/limiter/aimd-rule.ts";
import { GradientRule } from "../../lib/resilience/limiter/gradient-rule.ts";
import type { LoadSign } from "../../lib/resilience/limiter/limit.ts";
import { VegasRule } from "../../lib/resilience/limiter/vegas-rule.ts";
import { FakeClock } from "./fake-clock.ts";

export const RULES: readonly (readonly [string, () => LimitRule])[] = [
  ["gradient", () => new GradientRule()],
  ["aimd", () => new AimdRule()],
  ["vegas", () => new VegasRule()],
];

/** A limit on a clock that the test moves, fed with samples that start and end together. */
export function testLimit(rule: LimitRule, bounds: Partial<LimitBounds> = {}) {
  const clock = new FakeClock();
  const limit = new AdaptiveLimit({ initial: 100, min: 4, max: 1_000, ...bounds }, rule, clock);
  const feed = (count: number, sign: LoadSign, latencyMs: number, inFlight: number) => {
    for (let i = 0; i < count; i++)
      limit.sample(sign, clock.now() - latencyMs, latencyMs, inFlight, clock.now());
  };
  /** Lets a window's time pass and fills it. */
  const window = async (answered: number, overloaded: number, latencyMs: number, inFlight: number) => {
    await clock.advance(1_000);
    feed(overloaded, "overloaded", latencyMs, inFlight);
    feed(answered, "answered", latencyMs, inFlight);
  };
  return { limit, clock, feed, window };
}
