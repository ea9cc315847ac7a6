import type { Figure, PartResult } from "./result.ts";
import { formatFigure, type Summary, summarize } from "./statistics.ts";

/** What one metric of the bench is called, and how its figures are shown. */
export interface Metric {
  readonly title: string;
  /** Of the shown figure, which is the measured one divided by `scale`. */
  readonly unit: string;
  readonly scale?: number;
  /** Fixed decimals of the shown figure; without it, three significant digits. */
  readonly decimals?: number;
  readonly isLowerBetter: boolean;
  /** Whether tables show its ratio to the peers beside it. */
  readonly hasRatios: boolean;
}

const BYTES_PER_KB = 1_000;
const BYTES_PER_MB = 1_000_000;

const cost = { isLowerBetter: true, hasRatios: true };
const detail = { isLowerBetter: true, hasRatios: false };
const success = { isLowerBetter: false, hasRatios: false };
const count = { unit: "", decimals: 0, ...detail };

/** Every metric that a part may measure, by the key that its figures carry; in the order of a table's columns. */
export const METRICS = {
  CPU: { title: "CPU", unit: "us/call", ...cost },
  cpuPart: { title: "CPU", unit: "us/part", ...cost },
  layerCPU: { title: "CPU added", unit: "us/call", ...detail },
  p50: { title: "p50", unit: "us", ...cost },
  p90: { title: "p90", unit: "us", ...detail },
  p99: { title: "p99", unit: "us", ...cost },
  "p99.9": { title: "p99.9", unit: "us", ...detail },
  "p99.99": { title: "p99.99", unit: "us", ...detail },
  firstPart: { title: "first part after", unit: "us", ...cost },
  heap: { title: "heap", unit: "bytes/call", decimals: 0, ...cost },
  layerHeap: { title: "heap added", unit: "bytes/call", decimals: 0, ...detail },
  stall: { title: "longest stall", unit: "ms", ...detail },
  rate: { title: "rate", unit: "calls/s", isLowerBetter: false, hasRatios: false },
  goodput: { title: "goodput", unit: "calls/s", isLowerBetter: false, hasRatios: false },
  servedIll: { title: "answered while ill", unit: "%", decimals: 1, ...success },
  servedAfter: { title: "answered after", unit: "%", decimals: 1, ...success },
  recovery: { title: "well again after", unit: "s", decimals: 1, ...detail },
  attempts: { title: "attempts", unit: "per call", decimals: 2, ...detail },
  importTime: { title: "time", unit: "ms", ...cost },
  importCPU: { title: "CPU", unit: "ms", ...cost },
  bundle: { title: "minified", unit: "kB", scale: BYTES_PER_KB, ...cost },
  bundleGzip: { title: "minified and gzipped", unit: "kB", scale: BYTES_PER_KB, ...cost },
  rss: { title: "RSS", unit: "MB", scale: BYTES_PER_MB, ...detail },
  heapUsed: { title: "heap used", unit: "MB", scale: BYTES_PER_MB, ...detail },
  rssGrowth: { title: "RSS growth", unit: "MB", scale: BYTES_PER_MB, ...detail },
  rssTrend: { title: "RSS trend", unit: "bytes/call", decimals: 2, ...detail },
  rssTrendBound: { title: "RSS trend at most", unit: "bytes/call", decimals: 2, ...detail },
  heapGrowth: { title: "heap growth", unit: "MB", scale: BYTES_PER_MB, ...detail },
  sockets: { title: "sockets left", ...count },
  listeners: { title: "listeners left", ...count },
  timers: { title: "timers left", ...count },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricKey = keyof typeof METRICS;

export const METRIC_KEYS = Object.keys(METRICS) as MetricKey[];

export function isMetricKey(key: string): key is MetricKey {
  return Object.hasOwn(METRICS, key);
}

/** Its heading: `CPU us/call`; the key itself where the catalogue has none, as in results of other revisions. */
export function headingOf(key: string): string {
  if (!isMetricKey(key)) return key;
  const { title, unit } = METRICS[key];
  return unit === "" ? title : `${title} ${unit}`;
}

/** A value of the metric as tables show it, without the unit. */
export function formatValue(key: MetricKey, value: number): string {
  const { scale = 1, decimals }: Metric = METRICS[key];
  const shown = value / scale;
  if (decimals === undefined) return formatFigure(shown);
  return shown.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** `44.7 (43.0 - 46.1)`: median, min and max; the median alone where there is one value. */
export function formatRange(key: MetricKey, { median, min, max }: Summary): string {
  const shown = formatValue(key, median);
  return min === max ? shown : `${shown} (${formatValue(key, min)} - ${formatValue(key, max)})`;
}

export function figureOf(
  { figures }: Pick<PartResult, "figures">,
  client: string,
  work: string,
  metric: string,
): Figure | undefined {
  return figures.find(
    (figure) => figure.client === client && figure.work === work && figure.metric === metric,
  );
}

/** A client's figure over all rounds; `undefined` where it was not measured. */
export function summaryOf(
  result: Pick<PartResult, "figures">,
  client: string,
  work: string,
  metric: string,
): Summary | undefined {
  const figure = figureOf(result, client, work, metric);
  return figure && summarize(figure.values);
}

/** The kinds of work of a part, in the order in which they were measured. */
export function worksOf({ figures }: Pick<PartResult, "figures">): string[] {
  return [...new Set(figures.map(({ work }) => work))];
}
