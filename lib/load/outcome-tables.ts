import type { Outcome } from "../outcome.ts";
import type { Measurement, Tally } from "./measurement.ts";
import { count, figure, formatTable, latencyCells, share } from "./table.ts";

/** How calls ended, most frequent first. `suffix` follows the title. */
export function outcomeTable({ outcomes, ended }: Measurement, suffix: string): string[] {
  const byCount = [...outcomes].sort(([, a], [, b]) => b.latency.count - a.latency.count);
  const rows = byCount.map(([outcome, tally]) => outcomeRow(outcome, tally, ended));
  const header = [`Outcome${suffix}`, "errors", "calls", "share", "p50 ms", "max ms"];
  return rows.length === 0 ? [] : formatTable(header, rows, 2);
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
  return rows.length === 0 ? [] : formatTable(header, rows);
}
