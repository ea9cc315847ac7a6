import { percent } from "./advice.ts";
import type { Measurement } from "./measurement.ts";

/** A share of calls that did not get through, from which on the endpoint was sent more than it takes. */
const REFUSED_SHARE = 0.01;

/** Calls in flight that grow by this share of what is due are no fluctuation. */
const GROWTH_SHARE = 0.05;

const MEASURE_AGAIN = "Settings take a run that it keeps up with.";

/**
 * What says that the endpoint takes less than it was sent; `undefined` where it kept up. How long attempts took and
 * how many were in flight is then that of a queue, which depends on the length of the run.
 *
 * @param inFlightGrowthPerSecond by how many its calls in flight became more in each second of its time
 */
export function saturationOf(measurement: Measurement, inFlightGrowthPerSecond: number): string | undefined {
  const { due, ended, notSent, outcomes, elapsedMs } = measurement;
  if (due === 0 || elapsedMs === 0) return undefined;
  if (notSent / due > REFUSED_SHARE) {
    return `${percent(notSent / due)} of the calls were not sent because --max-in-flight was reached: the endpoint takes less than this rate, or that flag is too low for it. ${MEASURE_AGAIN}`;
  }
  const refused = outcomes.get("rejected_queue")?.latency.count ?? 0;
  if (refused / ended > REFUSED_SHARE) {
    return `${percent(refused / ended)} of the calls were refused by the client's own concurrencyLimit (rejected_queue): the endpoint, or that limit, takes less than this rate. ${MEASURE_AGAIN}`;
  }
  const duePerSecond = (due / elapsedMs) * 1_000;
  if (inFlightGrowthPerSecond / duePerSecond <= GROWTH_SHARE) return undefined;
  const endedPerSecond = Math.max(duePerSecond - inFlightGrowthPerSecond, 0);
  return `of ${duePerSecond.toFixed(1)} calls/s that were due about ${endedPerSecond.toFixed(1)} ended, and the rest piled up: the endpoint takes less than this rate, or a call takes about as long as the whole run. ${MEASURE_AGAIN}`;
}
