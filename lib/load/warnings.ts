import { isExceeded, QUANTILES, quantileName } from "./evidence.ts";
import type { LoadResult } from "./load-test.ts";
import type { Measurement } from "./measurement.ts";
import { count, figure } from "./table.ts";

/** A lateness of this much is not the clock's grain any more: the process is too busy, or was held up. */
const LATE_MS = 10;

/** From this share of a latency on, a percentile tells of this process as well as of the endpoint. */
const LATE_SHARE = 0.2;

/** What makes the figures of a run other than they seem. `names` are those of the configurations. */
export function warnings({ arms, due, scheduled }: LoadResult, names: readonly string[]): string[] {
  const lines: string[] = [];
  if (due < scheduled)
    lines.push(`Stopped early: ${count(due)} of ${count(scheduled)} calls were due by then.`);
  for (const [arm, { total }] of arms.entries()) {
    const name = names.length === 1 ? undefined : names[arm];
    lines.push(...notSent(total, name), ...unfinished(total, name), ...late(total, name));
  }
  return lines;
}

function notSent({ notSent }: Measurement, name: string | undefined): string[] {
  if (notSent === 0) return [];
  return [
    `${callsOf(name, notSent)} not sent because --max-in-flight was reached. They are in no percentile, which therefore look better than what callers would have seen.`,
  ];
}

function unfinished({ unfinished }: Measurement, name: string | undefined): string[] {
  if (unfinished === 0) return [];
  return [
    `${callsOf(name, unfinished)} given up in flight. They neither succeeded nor failed, and are in no percentile, which therefore look better than what callers would have seen.`,
  ];
}

function late(total: Measurement, name: string | undefined): string[] {
  const { startedLate, latency } = total;
  const calls = name === undefined ? "calls" : `calls of ${name}`;
  const quantile = lateFrom(total);
  if (quantile !== undefined && quantile > 0.5) {
    const [lateMs, latencyMs] = [startedLate, latency].map((times) => figure(times.quantileMs(quantile)));
    return [
      `This process was held up and started ${calls} late: by ${lateMs} ms at ${quantileName(quantile)}, where the latency is ${latencyMs} ms. From there on, figures tell of this process as well as of the endpoint.`,
    ];
  }
  if (quantile === undefined && startedLate.meanMs <= LATE_MS) return [];
  return [
    `This process started ${calls} ${figure(startedLate.meanMs)} ms late on average, which is part of their latency: it is too busy for this rate.`,
  ];
}

/**
 * The first quantile whose latency is for a good part lateness. That calls were late is a fact and no estimate, so
 * that one beyond the quantile is enough.
 */
function lateFrom({ startedLate, latency }: Measurement): number | undefined {
  return QUANTILES.find((quantile) => {
    const leastMs = Math.max(LATE_MS, latency.quantileMs(quantile) * LATE_SHARE);
    return isExceeded(quantile, latency.count) && startedLate.quantileMs(quantile) > leastMs;
  });
}

function callsOf(name: string | undefined, calls: number): string {
  const what = calls === 1 ? "call" : "calls";
  return `${count(calls)} ${name === undefined ? what : `${what} of ${name}`} ${calls === 1 ? "was" : "were"}`;
}
