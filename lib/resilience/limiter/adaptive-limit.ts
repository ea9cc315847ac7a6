import type { Clock } from "../../clock.ts";
import type { Limit, LoadSign } from "./limit.ts";
import { SampleWindow } from "./sample-window.ts";

/**
 * Overloaded attempts in a window that call for a cut: at least this many, and this share of all above what is
 * usual. Below, it is the odd refusal of a target that is well.
 */
const MIN_OVERLOADED = 3;
const MIN_OVERLOAD_SHARE = 0.1;
/** Weight of a window in the share that is usual, which is never more than this: beyond half, a target is not well. */
const LEARN = 0.2;
const MOST_USUAL = 0.5;

/** What latencies say about a limit, as opposed to refusals. */
export interface LimitRule {
  /** The limit after a window without overload. It may be a fraction, and out of bounds. */
  next(limit: number, window: SampleWindow, now: number): number;
  /** Overload has cut the limit, which was not for the rule to decide. */
  wasCut?(now: number): void;
}

export interface LimitBounds {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

/**
 * A limit that follows its target. What all kinds of it have in common:
 *
 * - It decides on windows of several samples, never on one.
 * - Overload cuts it by half of the overloaded share, from what was really in flight: cutting an unused limit
 *   of 256 by a tenth changes nothing for a target that chokes on 20.
 * - Only the share above what is usual counts. One that stays, whatever is cut, is not for load: one in five refused
 *   by a bad instance would otherwise cut to the floor, and the other four would wait for nothing.
 * - What started before a cut says nothing about the limit after it: one overload is answered with one cut,
 *   however late its last victims report.
 * - Streams that have begun go on, whatever the limit is cut to. Beside them there is room for as many others as the
 *   lowest limit has: until the streams end, nothing else would show that the target has recovered.
 * - It grows only while it is used. An idle limit has not shown that the target can take more.
 */
export class AdaptiveLimit implements Limit {
  value: number;
  readonly rule: LimitRule;
  #bounds: LimitBounds;
  readonly #clock: Clock;
  readonly #window: SampleWindow;
  /** {@link value} before rounding, so that growth by fractions adds up. */
  #exact: number;
  /** The overloaded share of late. */
  #usualShare = 0;
  #cutAt = Number.NEGATIVE_INFINITY;

  constructor(bounds: LimitBounds, rule: LimitRule, clock: Clock) {
    this.#bounds = bounds;
    this.rule = rule;
    this.#clock = clock;
    this.#window = new SampleWindow(clock.now());
    this.#exact = bounds.initial;
    this.value = bounds.initial;
  }

  /** Stays within other bounds from now on. */
  retune(bounds: LimitBounds): void {
    this.#bounds = bounds;
    this.#moveTo(this.#exact, this.#clock.now());
  }

  hasRoom(held: number, streaming: number): boolean {
    return held < this.value || (held - streaming < this.#bounds.min && held < this.#bounds.max);
  }

  sample(
    sign: LoadSign,
    startedAt: number,
    latencyMs: number,
    inFlight: number,
    now: number,
    left?: number,
  ): void {
    const window = this.#window;
    if (startedAt < this.#cutAt) {
      if (sign === "answered") window.answeredFromBefore++;
      return;
    }
    window.add(now, sign, latencyMs, inFlight, left);
    if (!window.isComplete(now)) return;
    this.#moveTo(this.#next(now), now);
    window.restart(now);
  }

  #next(now: number): number {
    const window = this.#window;
    const share = window.overloadShare();
    const excess = share - this.#usualShare;
    this.#usualShare = Math.min(MOST_USUAL, this.#usualShare + LEARN * excess);
    if (window.overloaded >= MIN_OVERLOADED && excess >= MIN_OVERLOAD_SHARE) {
      this.rule.wasCut?.(now);
      return Math.min(this.#exact, window.peakInFlight) * (1 - excess / 2);
    }
    const next = this.rule.next(this.#exact, window, now);
    const isUsed = window.peakInFlight * 2 >= this.#exact;
    return isUsed ? next : Math.min(next, this.#exact);
  }

  #moveTo(next: number, now: number): void {
    const { min, max } = this.#bounds;
    const bounded = Math.min(max, Math.max(min, next));
    if (bounded < this.#exact) this.#cutAt = now;
    this.#exact = bounded;
    this.value = Math.floor(bounded);
  }
}
