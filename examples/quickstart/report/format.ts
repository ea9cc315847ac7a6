import type { BreakerTransition, OutcomeCount } from "./registry-view.ts";
import { table } from "./table.ts";
import type { LatencySummary, Score, VariantScore } from "./tally.ts";

/** Everything that the report says, as numbers. */
export interface RunSummary {
  readonly calls: number;
  readonly answers: number;
  readonly lostByError: ReadonlyMap<string, number>;
  readonly concurrency: number;
  readonly seconds: number;
  readonly scores: readonly VariantScore[];
  readonly attemptOutcomes: readonly OutcomeCount[];
  readonly callsByAttempts: ReadonlyMap<number, number>;
  readonly latencyMs: LatencySummary;
  readonly breakerTransitions: readonly BreakerTransition[];
}

/** The report, a section a topic. */
export function formatReport(summary: RunSummary): string {
  const sections = [
    formatCalls(summary),
    formatAccuracy(summary.scores),
    formatOutcomes(summary.attemptOutcomes),
    formatAttempts(summary.callsByAttempts),
    formatLatency(summary.latencyMs),
    formatBreaker(summary.breakerTransitions),
  ];
  return sections.map((lines) => lines.join("\n")).join("\n\n");
}

function formatCalls({ calls, answers, lostByError, concurrency, seconds }: RunSummary): string[] {
  const rate = Math.round(calls / seconds);
  const lines = [
    `${calls} calls, ${concurrency} at a time, in ${seconds.toFixed(1)} s (${rate} a second)`,
    `${answers} answers`,
  ];
  if (lostByError.size > 0) {
    lines.push(`lost: ${joinCounts([...lostByError].sort(([, left], [, right]) => right - left))}`);
  }
  return lines;
}

function formatAccuracy(scores: readonly VariantScore[]): string[] {
  const rows = scores.map(({ variant, answers, allRows, heldOutRows }) => [
    `  ${variant}`,
    String(answers),
    formatScore(allRows),
    formatScore(heldOutRows),
  ]);
  return table([["accuracy", "answers", "all rows", "held-out rows"], ...rows]);
}

function formatScore({ right, asked }: Score): string {
  return asked === 0 ? "-" : `${right} of ${asked} (${((100 * right) / asked).toFixed(1)} %)`;
}

function formatOutcomes(counts: readonly OutcomeCount[]): string[] {
  const outcomes = [...new Set(["ok", ...counts.map(({ outcome }) => outcome)])];
  const variants = [...new Set(counts.map(({ variant }) => variant))].sort();
  const rows = variants.map((variant) => [
    `  ${variant}`,
    ...outcomes.map((outcome) => {
      const found = counts.find((entry) => entry.variant === variant && entry.outcome === outcome);
      return String(found?.count ?? 0);
    }),
  ]);
  return table([["outcome of attempts", ...outcomes], ...rows]);
}

function formatAttempts(callsByAttempts: ReadonlyMap<number, number>): string[] {
  const entries = [...callsByAttempts].sort(([left], [right]) => left - right);
  const calls = entries.reduce((sum, [, count]) => sum + count, 0);
  const attempts = entries.reduce((sum, [number, count]) => sum + number * count, 0);
  return table([
    ["attempts a call", ...entries.map(([number]) => String(number)), "mean"],
    ["  calls", ...entries.map(([, count]) => String(count)), (attempts / Math.max(1, calls)).toFixed(3)],
  ]);
}

function formatLatency({ p50, p95, p99, max }: LatencySummary): string[] {
  const values = [p50, p95, p99, max].map((ms) => ms.toFixed(1));
  return table([
    ["latency, waits included", "p50", "p95", "p99", "max"],
    ["  ms", ...values],
  ]);
}

function formatBreaker(transitions: readonly BreakerTransition[]): string[] {
  const targets = new Map<string, [to: string, count: number][]>();
  for (const { endpoint, variant, to, count } of transitions) {
    const target = `${endpoint} (${variant})`;
    targets.set(target, [...(targets.get(target) ?? []), [to, count]]);
  }
  if (targets.size === 0) return ["breaker transitions: none"];
  return [
    "breaker transitions",
    ...[...targets].map(([target, counts]) => `  ${target}: ${joinCounts(counts)}`),
  ];
}

function joinCounts(counts: readonly (readonly [name: string, count: number])[]): string {
  return counts.map(([name, count]) => `${name} ${count}`).join(", ");
}
