import type { LimitRule } from "./adaptive-limit.ts";
import type { SampleWindow } from "./sample-window.ts";

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

/** Share by which a window moves the baseline: down soon, as the first answers of a process are slow; up slowly. */
const LEARN_DOWN = 0.3;
const LEARN_UP = 0.02;

/** Shortest time in which a cut must have shown in the latency, in milliseconds, or load was not its reason. */
const PATIENCE_MS = 5_000;
/** Round trips of the slow target within that time: what it had queued before must be gone. */
const PATIENCE_ROUND_TRIPS = 2;
/** The share of its latency that a target must have kept, despite the cut, to count as slow by itself. */
const UNCHANGED = 0.8;

/** Since when latency has been above tolerance, and what it was like then. */
interface SlowSpell {
  readonly since: number;
  readonly medianMs: number;
  readonly used: number;
}

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
      this.#slow = undefined;
      this.#learn(baselineMs, medianMs);
      return limit + headroom(limit);
    }
    const used = Math.min(limit, window.peakInFlight);
    this.#slow ??= { since: now, medianMs, used };
    if (this.#isSlowByItself(this.#slow, medianMs, used, now)) {
      this.#baselineMs = medianMs;
      this.#slow = undefined;
      return limit;
    }
    if (used < LOWEST_BY_LATENCY) return limit;
    return used * gradient + headroom(used);
  }

  #learn(baselineMs: number, medianMs: number): void {
    const weight = medianMs < baselineMs ? LEARN_DOWN : LEARN_UP;
    this.#baselineMs = baselineMs + weight * (medianMs - baselineMs);
  }

  #isSlowByItself(slow: SlowSpell, medianMs: number, used: number, now: number): boolean {
    const patienceMs = Math.max(PATIENCE_MS, PATIENCE_ROUND_TRIPS * medianMs);
    const isCut = used <= Math.max(slow.used / 2, LOWEST_BY_LATENCY);
    return isCut && now - slow.since >= patienceMs && medianMs >= UNCHANGED * slow.medianMs;
  }
}

function headroom(used: number): number {
  return Math.max(MIN_HEADROOM, used * HEADROOM_SHARE);
}
