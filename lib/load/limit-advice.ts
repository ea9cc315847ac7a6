import {
  type Advice,
  type Circumstances,
  givenUpReason,
  keep,
  ms,
  overloadShare,
  percent,
  tooFew,
} from "./advice.ts";
import { isSupported, quantileName } from "./evidence.ts";
import type { Measurement } from "./measurement.ts";

/** Attempts in flight at once, per process. */
export interface LimitBounds {
  readonly initial: number;
  readonly max: number;
  /** Connections that the client needs for them. */
  readonly maxSockets: number;
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

/** What is in flight: attempts per second, and how long they take. */
interface InFlight {
  readonly perSecond: number;
  readonly meanMs: number;
}

/**
 * How many attempts to allow at once: Little's law, in flight = attempts per second x seconds each. Those of the calls
 * that were due in the time; where nothing piles up as many end in it.
 */
export function adviseLimit(measurement: Measurement, circumstances: Circumstances): Advice<LimitBounds> {
  const { attempts, okAttempts, notSent } = measurement;
  if (circumstances.isSaturated) {
    return keep(
      "what was in flight is a queue, which grows with the length of the run; the client learns what the endpoint takes unless concurrencyLimit is false",
    );
  }
  if (notSent > 0) {
    return keep(
      `${notSent} calls were not sent because --max-in-flight was reached, so what was in flight is what that flag allowed: measure with a higher one or a lower rate`,
    );
  }
  const givenUp = givenUpReason(measurement);
  if (givenUp !== undefined) return keep(givenUp);
  if (okAttempts.count < MIN_ATTEMPTS) {
    return keep(tooFew("attempts succeeded", okAttempts.count, MIN_ATTEMPTS, measurement, circumstances));
  }
  const overload = overloadShare(measurement);
  const { perSecond, meanMs } = overload > 0 ? asMeasured(measurement) : whenAnswered(measurement);
  const inFlight = (perSecond * meanMs) / 1_000;
  const initial = Math.max(Math.ceil(inFlight * (overload > 0 ? 1 : HEADROOM)), MIN_LIMIT);
  const slow = isSupported(0.99, okAttempts.count) ? 0.99 : 0.9;
  const slowMs = Math.max(attempts.quantileMs(slow), okAttempts.quantileMs(slow));
  const inFlightWhenSlow = Math.ceil((whenAnswered(measurement).perSecond * slowMs) / 1_000);
  const wanted = Math.max(2 * initial, inFlightWhenSlow);
  const { maxSockets } = circumstances.options;
  const value = withConnections(initial, wanted, maxSockets);
  const reasons = [
    `initial: ${perSecond.toFixed(1)} attempts/s of ${ms(meanMs)} each are ${inFlight.toFixed(1)} in flight on average (Little's law)`,
    ...fewAttemptsReason(measurement, overload),
    headroomReason(overload),
    `max: twice that, or all of them as slow as ${quantileName(slow)} (${inFlightWhenSlow} in flight), whichever is more`,
    ...connectionReason(value, wanted, maxSockets),
    "both are for one process that sends at this rate",
  ];
  return { verdict: "set", value, reasons };
}

function asMeasured({ attempts, elapsedMs }: Measurement): InFlight {
  return { perSecond: (attempts.count / elapsedMs) * 1_000, meanMs: attempts.meanMs };
}

/**
 * What would be in flight if the endpoint answered each call: a failure at once, and a call that is refused before it is
 * sent, make no room.
 */
function whenAnswered({ attempts, okAttempts, due, elapsedMs }: Measurement): InFlight {
  return {
    perSecond: (Math.max(attempts.count, due) / elapsedMs) * 1_000,
    meanMs: Math.max(attempts.meanMs, okAttempts.meanMs),
  };
}

function fewAttemptsReason({ attempts, due }: Measurement, overload: number): string[] {
  if (attempts.count >= due) return [];
  const where = overload > 0 ? " in max" : "";
  return [`${attempts.count} attempts of ${due} calls: the others count as one each${where}`];
}

/** A permit without a connection would only wait elsewhere, where nobody has a priority. */
function withConnections(initial: number, wanted: number, maxSockets: number): LimitBounds {
  const connections = Math.max(initial, maxSockets);
  return { initial, max: Math.min(wanted, connections), maxSockets: connections };
}

function connectionReason({ max, maxSockets }: LimitBounds, wanted: number, current: number): string[] {
  if (max === wanted) return [];
  const lowered = `max is lowered from ${wanted} to ${max}: `;
  return maxSockets === current
    ? [`${lowered}the client has that many connections (maxSockets)`]
    : [`${lowered}maxSockets, which is ${current}, is raised to what initial takes and no further`];
}

function headroomReason(overload: number): string {
  if (overload === 0) return `times ${HEADROOM}, because calls come in bunches; at least ${MIN_LIMIT}`;
  return `no headroom, but at least ${MIN_LIMIT}: ${percent(overload)} of the attempts were throttled, timed out or met an overload, so this rate is more than the endpoint takes`;
}
