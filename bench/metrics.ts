import type { ClientSample } from "./child/task.ts";
import type { BenchResult } from "./result.ts";
import { type Summary, summarize } from "./statistics.ts";

/** One thing that is measured of every client. */
export interface Metric {
  readonly title: string;
  /** `undefined` where it was not measured at that concurrency. */
  read(sample: ClientSample, concurrency: number): number | undefined;
}

export const CPU: Metric = {
  title: "CPU us/call",
  read(sample, concurrency) {
    const window = sample.windows.find((candidate) => candidate.concurrency === concurrency);
    return window && (window.userCpuUs + window.systemCpuUs) / window.calls;
  },
};

export const P50: Metric = {
  title: "p50 us",
  read: (sample, concurrency) => sample.windows.find((window) => window.concurrency === concurrency)?.p50Us,
};

/** Allocation does not depend on the concurrency, so it is measured and shown with the first one only. */
export const HEAP: Metric = {
  title: "heap bytes/call",
  read: (sample, concurrency) =>
    sample.windows[0]?.concurrency === concurrency ? sample.heapBytesPerCall : undefined,
};

export const METRICS: readonly Metric[] = [CPU, P50, HEAP];

/** A client's figure over all rounds; `undefined` where no round has it. */
export function summaryOf(
  { rounds }: BenchResult,
  client: string,
  metric: Metric,
  concurrency: number,
): Summary | undefined {
  const values = rounds.flatMap(({ samples }) => {
    const sample = samples[client];
    return (sample && metric.read(sample, concurrency)) ?? [];
  });
  return values.length === 0 ? undefined : summarize(values);
}
