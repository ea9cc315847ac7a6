import type { LoadResult } from "./load-test.ts";
import type { Measurement } from "./measurement.ts";
import { count, figure } from "./table.ts";

/** A mean lateness of this much is not the clock's grain any more: the process is too busy. */
const LATE_MS = 10;

/** What makes the figures of a run other than they seem. `names` are those of the configurations. */
export function warnings({ arms, due, scheduled }: LoadResult, names: readonly string[]): string[] {
  const lines: string[] = [];
  if (due < scheduled)
    lines.push(`Stopped early: ${count(due)} of ${count(scheduled)} calls were due by then.`);
  for (const [arm, { total }] of arms.entries()) {
    const name = names.length === 1 ? undefined : names[arm];
    lines.push(...notSent(total, name), ...late(total, name));
  }
  return lines;
}

function notSent(total: Measurement, name: string | undefined): string[] {
  if (total.notSent === 0) return [];
  const calls = name === undefined ? "calls" : `calls of ${name}`;
  return [
    `${count(total.notSent)} ${calls} were not sent because --max-in-flight was reached. They are in no percentile, which therefore look better than what callers would have seen.`,
  ];
}

function late({ startedLate }: Measurement, name: string | undefined): string[] {
  if (startedLate.meanMs <= LATE_MS) return [];
  const calls = name === undefined ? "calls" : `calls of ${name}`;
  return [
    `This process started ${calls} ${figure(startedLate.meanMs)} ms late on average, which is part of their latency: it is too busy for this rate.`,
  ];
}
