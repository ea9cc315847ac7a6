/** The share of calls that a ramp begins with. */
const RAMP_START = 0.1;

/**
 * The share of calls that a target takes `elapsedMs` after its probes succeeded: growing evenly, so that a
 * target that has just come back is not met by all of its load at once. 1 or more: the recovery is over.
 */
export function rampShare(elapsedMs: number, rampMs: number): number {
  return elapsedMs >= rampMs ? 1 : RAMP_START + (1 - RAMP_START) * (elapsedMs / rampMs);
}
