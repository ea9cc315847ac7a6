import { type Advice, ms, noAdvice, percent, tooFew } from "./advice.ts";
import { isSupported, quantileName } from "./evidence.ts";
import type { Measurement } from "./measurement.ts";

/** Attempts in flight at once, per process. */
export interface LimitBounds {
  readonly initial: number;
  readonly max: number;
}

/**
 * A mean of n durations is off by about their spread over the root of n. Their spread is about as large as
 * their mean, so that these many put the mean within a tenth.
 */
const MIN_ATTEMPTS = 100;

/** Room above the mean: arrivals come in bunches, and a limit that is reached every second only queues. */
const HEADROOM = 2;

/** Below it, a limiter has no room to learn in. */
const MIN_LIMIT = 4;

/** A share of refused or failed attempts from which on the endpoint counts as overloaded. */
const OVERLOAD_SHARE = 0.01;

/** How many attempts to allow at once: Little's law, in flight = attempts per second x seconds each. */
export function adviseLimit(measurement: Measurement): Advice<LimitBounds> {
  const { attempts, elapsedMs, notSent } = measurement;
  if (notSent > 0) {
    return noAdvice(
      `${notSent} calls were not sent because --max-in-flight was reached, so what was in flight is what that flag allowed: measure with a higher one or a lower rate`,
    );
  }
  if (attempts.count < MIN_ATTEMPTS) {
    return noAdvice(tooFew("attempts were made", attempts.count, MIN_ATTEMPTS, measurement));
  }
  const perSecond = (attempts.count / elapsedMs) * 1_000;
  const inFlight = (perSecond * attempts.meanMs) / 1_000;
  const failures = measurement.overloads / attempts.count;
  const headroom = failures > OVERLOAD_SHARE ? 1 : HEADROOM;
  const initial = Math.max(Math.ceil(inFlight * headroom), MIN_LIMIT);
  const slow = isSupported(0.99, attempts.count) ? 0.99 : 0.9;
  const inFlightWhenSlow = Math.ceil((perSecond * attempts.quantileMs(slow)) / 1_000);
  const reasons = [
    `initial: ${perSecond.toFixed(1)} attempts/s of ${ms(attempts.meanMs)} each are ${inFlight.toFixed(1)} in flight on average (Little's law)`,
    headroomReason(failures, headroom),
    `max: twice that, or all of them as slow as ${quantileName(slow)} (${inFlightWhenSlow} in flight), whichever is more`,
    "both are for one process that sends at this rate",
  ];
  return {
    value: { initial, max: Math.max(2 * initial, inFlightWhenSlow) },
    reasons,
  };
}

function headroomReason(failures: number, headroom: number): string {
  if (headroom === HEADROOM) return `times ${HEADROOM}, because calls come in bunches; at least ${MIN_LIMIT}`;
  return `no headroom, but at least ${MIN_LIMIT}: ${percent(failures)} of the attempts were throttled, timed out or met an overload, so this rate is more than it takes`;
}
