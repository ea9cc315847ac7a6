import { METRIC_KEYS, type MetricKey, worksOf } from "../../metrics.ts";
import type { PartResult } from "../../result.ts";
import { barPlot } from "./bars.ts";
import { linePlots } from "./lines.ts";
import type { Plot } from "./svg.ts";

/** What bars are drawn of; the rest is for the tables. */
const DRAWN: ReadonlySet<MetricKey> = new Set<MetricKey>([
  "CPU",
  "cpuPart",
  "heap",
  "layerCPU",
  "layerHeap",
  "importTime",
  "bundle",
]);

/** Every plot of a part: curves first, then the bars of each kind of work. */
export function plotsOf(part: PartResult): Plot[] {
  const drawn = METRIC_KEYS.filter((key) => DRAWN.has(key));
  const bars = worksOf(part).flatMap((work) => drawn.map((metric) => barPlot(part, work, metric)));
  return [...linePlots(part), ...bars.filter((plot) => plot !== undefined)];
}
