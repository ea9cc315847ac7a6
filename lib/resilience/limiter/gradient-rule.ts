import type { LimitRule } from "./adaptive-limit.ts";
import type { SampleWindow } from "./sample-window.ts";
import { SlowSpell } from "./slow-spell.ts";

/** How far above its baseline latency may be before the limit follows: below twice, it is noise. */
const TOLERANCE = 2;
/** A window takes at most half of what is in flight away. */
const MIN_GRADIENT = 0.5;
/** What each window adds: at least this many permits, and this share of those in use. */
const MIN_HEADROOM = 4;
const HEADROOM_SHARE = 0.25;
/**
 * Where latency alone stops: half of 8 and the headroom of 4 make 8. Only overload goes lower. A client with
 * less than that in flight is not the reason why its target is slow, and is left its room for a burst.
 */
const LOWEST_BY_LATENCY = MIN_HEADROOM / (1 - MIN_GRADIENT);

/**
 * What a target that is slow by itself gets back, of what was in flight before, and no more than the limit of then: who
 * has waited meanwhile comes at once, and so many that it were slow from load as well is too much.
 */
const ROOM_BACK = 2;

/** Share by which a window moves the baseline: down soon, as the first answers of a process are slow; up slowly. */
const LEARN_DOWN = 0.3;
const LEARN_UP = 0.02;

/**
 * The limit follows the ratio of the latency that is usual to the latency of now. Where a queue builds up in
 * the target, latency rises before anything fails, and the limit goes down with it.
 *
 * Latency also rises for reasons that are not load: a larger model, longer inputs. They tell themselves apart
 * by what a cut does. Where half of the load was taken away and latency stayed, load was not the reason: the
 * latency of now becomes the usual one, and the limit grows again.
 */
export class GradientRule implements LimitRule {
  #baselineMs: number | undefined;
  #slow: SlowSpell | undefined;

  next(limit: number, window: SampleWindow, now: number): number {
    const medianMs = window.medianMs();
    if (medianMs === 0) return limit;
    const baselineMs = this.#baselineMs ?? medianMs;
    const gradient = Math.min(1, Math.max(MIN_GRADIENT, (TOLERANCE * baselineMs) / medianMs));
    if (gradient === 1) {
      if (this.#slow?.isJustCut(window.answered, limit, now)) return limit;
      this.#slow = undefined;
      this.#learn(baselineMs, medianMs);
      return limit + headroom(limit);
    }
    const used = Math.min(limit, window.peakInFlight);
    this.#slow ??= new SlowSpell(used, medianMs, LOWEST_BY_LATENCY, now, Math.min(limit, ROOM_BACK * used));
    if (this.#slow.isTested(used, medianMs, now)) {
      const { before } = this.#slow;
      if (this.#slow.isUnchanged(medianMs)) {
        this.#baselineMs = medianMs;
        this.#slow = undefined;
        return Math.max(limit, before);
      }
      this.#slow = new SlowSpell(used, medianMs, LOWEST_BY_LATENCY, now, before);
    }
    if (used < LOWEST_BY_LATENCY) return limit;
    const next = Math.max(this.#slow.floor, used * gradient + headroom(used));
    if (next < limit) this.#slow.cut(now);
    return next;
  }

  #learn(baselineMs: number, medianMs: number): void {
    const weight = medianMs < baselineMs ? LEARN_DOWN : LEARN_UP;
    this.#baselineMs = baselineMs + weight * (medianMs - baselineMs);
  }
}

function headroom(used: number): number {
  return Math.max(MIN_HEADROOM, used * HEADROOM_SHARE);
}
