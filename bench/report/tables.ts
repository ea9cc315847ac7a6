import { BASELINE } from "../client-catalogue.ts";
import {
  formatRange,
  headingOf,
  METRIC_KEYS,
  METRICS,
  type MetricKey,
  summaryOf,
  worksOf,
} from "../metrics.ts";
import type { PartResult } from "../result.ts";
import { formatFigure } from "../statistics.ts";

/** What console, Markdown and HTML show in their own ways: the first column is a name, the others are figures. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The clients that ratios are to: what the bytes cost, and what a user has today. */
const YARDSTICKS = [BASELINE, "aws-sdk"] as const;

export const ABSENT = "-";

/** One table for each kind of work: a row per client, a column per metric with its ratios beside it. */
export function workTables(part: PartResult): Map<string, Table> {
  return new Map(worksOf(part).map((work) => [work, workTable(part, work, metricsOf(part, work))]));
}

/** The same for some of the metrics. */
export function workTable(part: PartResult, work: string, metrics: readonly MetricKey[]): Table {
  const columns = metrics.flatMap((metric) => columnsOf(part, work, metric));
  const clients = rankedClients(part, work);
  return {
    header: [work, ...columns.map(({ heading }) => heading)],
    rows: clients.map((client) => [client, ...columns.map(({ cellOf }) => cellOf(client))]),
  };
}

/** The metrics of a kind of work in the order of the catalogue. */
export function metricsOf({ figures }: PartResult, work: string): MetricKey[] {
  const measured = new Set(figures.filter((figure) => figure.work === work).map(({ metric }) => metric));
  return METRIC_KEYS.filter((key) => measured.has(key));
}

/** The baseline, then the others from best to worst at the first metric; who lacks it comes behind those who have it. */
export function rankedClients(part: PartResult, work: string): string[] {
  const clients = new Set(part.figures.filter((figure) => figure.work === work).map(({ client }) => client));
  const metrics = metricsOf(part, work);
  const compare = (a: string, b: string): number => {
    for (const metric of metrics) {
      const [ofA, ofB] = [a, b].map((client) => summaryOf(part, client, work, metric)?.median);
      if (ofA === undefined && ofB === undefined) continue;
      if (ofA === undefined || ofB === undefined) return ofA === undefined ? 1 : -1;
      if (ofA !== ofB) return METRICS[metric].isLowerBetter ? ofA - ofB : ofB - ofA;
    }
    return a.localeCompare(b, "en");
  };
  const others = [...clients].filter((client) => client !== BASELINE).sort(compare);
  return clients.has(BASELINE) ? [BASELINE, ...others] : others;
}

interface Column {
  readonly heading: string;
  cellOf(client: string): string;
}

function columnsOf(part: PartResult, work: string, metric: MetricKey): Column[] {
  const summary = (client: string) => summaryOf(part, client, work, metric);
  const figures: Column = {
    heading: headingOf(metric),
    cellOf(client) {
      const own = summary(client);
      return own === undefined ? ABSENT : formatRange(metric, own);
    },
  };
  if (!METRICS[metric].hasRatios) return [figures];
  const ratios = YARDSTICKS.filter((yardstick) => summary(yardstick) !== undefined).map(
    (yardstick): Column => ({
      heading: `x ${yardstick}`,
      cellOf: (client) => ratioOf(summary(client)?.median, summary(yardstick)?.median),
    }),
  );
  return [figures, ...ratios];
}

function ratioOf(value: number | undefined, base: number | undefined): string {
  return value === undefined || base === undefined || base === 0 ? ABSENT : formatFigure(value / base);
}
