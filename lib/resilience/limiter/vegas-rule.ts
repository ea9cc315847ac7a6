import type { LimitRule } from "./adaptive-limit.ts";
import type { SampleWindow } from "./sample-window.ts";

/** How long the lowest latency is remembered, in milliseconds: one to two of these. */
const MEMORY_MS = 60_000;

/** Requests in the target's queue, in units of log10(limit), below which the limit grows and above which it shrinks. */
const ALPHA = 3;
const BETA = 6;

/** Medians of a steady target differ by this factor; without it, a large limit takes its own noise for a queue. */
const NOISE = 1.25;

/** What the limit may be above what is in flight, as a factor, once it is too high: noise must not make it bind. */
const USED_SLACK = 2;

/**
 * TCP Vegas: of what is in flight, the part by which latency is above its lowest is waiting in a queue of the
 * target; that queue is kept between two bounds. For targets of steady latency: of one that becomes slow for
 * other reasons it takes one to two minutes of looking like overload.
 */
export class VegasRule implements LimitRule {
  #lowestNow = Number.POSITIVE_INFINITY;
  #lowestBefore = Number.POSITIVE_INFINITY;
  #since = Number.NEGATIVE_INFINITY;

  next(limit: number, window: SampleWindow, now: number): number {
    const medianMs = window.medianMs();
    if (medianMs === 0) return limit;
    const used = Math.min(limit, window.peakInFlight);
    const queued = used * Math.max(0, 1 - (NOISE * this.#lowest(medianMs, now)) / medianMs);
    const step = Math.max(1, Math.log10(limit));
    if (queued > BETA * step) return Math.min(limit, USED_SLACK * used) - (queued - BETA * step);
    if (queued <= step) return limit + BETA * step;
    return queued < ALPHA * step ? limit + step : limit;
  }

  /** The lowest latency of late, this one included. */
  #lowest(medianMs: number, now: number): number {
    if (now - this.#since >= MEMORY_MS) {
      this.#lowestBefore = this.#lowestNow;
      this.#lowestNow = Number.POSITIVE_INFINITY;
      this.#since = now;
    }
    if (medianMs < this.#lowestNow) this.#lowestNow = medianMs;
    return Math.min(this.#lowestNow, this.#lowestBefore);
  }
}
