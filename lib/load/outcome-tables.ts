import { NONE, UNKNOWN } from "../metrics/sentinels.ts";
import type { Outcome } from "../outcome.ts";
import type { Measurement, Tally } from "./measurement.ts";
import { count, figure, formatTable, latencyCells, share } from "./table.ts";

/** What stands in the table of variants where no name does. */
const NOTES: Readonly<Record<string, string>> = {
  [UNKNOWN]: `${UNKNOWN}: calls of which no answer names the variant, which is usual where they fail.`,
  [NONE]: `${NONE}: no variant of the endpoint had a part in the end of these calls.`,
};

/** How calls ended, most frequent first. `suffix` follows the title. */
export function outcomeTable({ outcomes, ended, fallbackAnswers }: Measurement, suffix: string): string[] {
  const byCount = [...outcomes].sort(([, a], [, b]) => b.latency.count - a.latency.count);
  const rows = byCount.map(([outcome, tally]) => outcomeRow(outcome, tally, ended));
  const header = [`Outcome${suffix}`, "errors", "calls", "share", "p50 ms", "max ms"];
  if (rows.length === 0) return [];
  const table = formatTable(header, rows, 2);
  if (fallbackAnswers === 0) return table;
  return [...table, `Answered by a fallback: ${count(fallbackAnswers)} of the calls that are ok here.`];
}

function outcomeRow(outcome: Outcome, { latency, errors }: Tally, ended: number): string[] {
  const names = [...errors].sort(([, a], [, b]) => b - a).map(([name, times]) => `${name} ${count(times)}`);
  return [
    outcome,
    names.length > 3 ? `${names.slice(0, 3).join(", ")}, ...` : names.join(", "),
    count(latency.count),
    share(latency.count, ended),
    figure(latency.quantileMs(0.5)),
    figure(latency.maxMs),
  ];
}

/** How attempts ended, which the outcome of a call that was repeated does not show; nothing where all are ok. */
export function attemptTable(
  { attempts, okAttempts, attemptOutcomes }: Measurement,
  suffix: string,
): string[] {
  if (attempts.count === okAttempts.count) return [];
  const rows = [...attemptOutcomes]
    .sort(([, a], [, b]) => b - a)
    .map(([outcome, times]) => [outcome, count(times), share(times, attempts.count)]);
  return formatTable([`Outcome of attempts${suffix}`, "attempts", "share"], rows);
}

/** Calls by the variant that answered. */
export function variantTable({ variants, ended }: Measurement, suffix: string): string[] {
  const rows = [...variants]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([variant, { latency, failed }]) => {
      const calls = latency.count + failed;
      const cells = latencyCells(latency);
      return [
        variant,
        count(calls),
        share(calls, ended),
        share(failed, calls),
        ...cells.slice(0, 3),
        cells.at(-1)!,
      ];
    });
  const header = [`Variant${suffix}`, "calls", "share", "failed", "p50 ms", "p90 ms", "p99 ms", "max ms"];
  if (rows.length === 0) return [];
  const notes = [...variants.keys()].map((name) => NOTES[name]).filter((note) => note !== undefined);
  return [...formatTable(header, rows), ...notes];
}
