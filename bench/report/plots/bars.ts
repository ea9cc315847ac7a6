import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from "echarts";
import { BASELINE } from "../../client-catalogue.ts";
import { formatValue, METRICS, type Metric, type MetricKey, summaryOf } from "../../metrics.ts";
import type { PartResult } from "../../result.ts";
import { formatFigure, type Summary } from "../../statistics.ts";
import { rankedClients } from "../tables.ts";
import { colorOf, FAINT_TEXT, GRID, TEXT } from "./palette.ts";
import { draw, type Plot } from "./svg.ts";

const ROW_PX = 30;
const FRAME_PX = 120;
/** Where the largest bar is more times the smallest, a linear axis would hide the small ones. */
const MAX_LINEAR_SPREAD = 8;
const WHISKER_CAP_PX = 4;

interface Bar extends Summary {
  readonly client: string;
}

/** A bar per client at the median, with a whisker from minimum to maximum, best first; none without two bars. */
export function barPlot(part: PartResult, work: string, metric: MetricKey): Plot | undefined {
  const bars = barsOf(part, work, metric);
  if (bars.length < 2) return undefined;
  const isLog = isLogarithmic(bars);
  return draw({
    part: part.part,
    work,
    name: `${metric}`,
    title: `${METRICS[metric].title}, ${work}`,
    subtitle: subtitleOf(metric, isLog),
    heightPx: FRAME_PX + bars.length * ROW_PX,
    option: {
      grid: { left: 12, right: 150, top: 66, bottom: 14, outerBoundsMode: "same" },
      xAxis: valueAxis(bars, isLog),
      yAxis: {
        type: "category",
        inverse: true,
        data: bars.map(({ client }) => client),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: TEXT, fontSize: 13 },
      },
      series: [medians(bars, metric, baselineOf(bars)), whiskers(bars)],
    },
  });
}

function barsOf(part: PartResult, work: string, metric: MetricKey): Bar[] {
  const { scale = 1 }: Metric = METRICS[metric];
  const bars = rankedClients(part, work).flatMap((client): Bar[] => {
    const summary = summaryOf(part, client, work, metric);
    if (summary === undefined) return [];
    const { median, min, max } = summary;
    return [{ client, median: median / scale, min: min / scale, max: max / scale }];
  });
  return bars.sort((a, b) => a.median - b.median);
}

function isLogarithmic(bars: readonly Bar[]): boolean {
  const smallest = Math.min(...bars.map(({ min }) => min));
  return smallest > 0 && bars.at(-1)!.median / bars[0]!.median > MAX_LINEAR_SPREAD;
}

function subtitleOf(metric: MetricKey, isLog: boolean): string {
  const { unit, isLowerBetter } = METRICS[metric];
  const direction = isLowerBetter ? "less is better" : "more is better";
  const scale = isLog ? "; logarithmic scale" : "";
  return `${unit === "" ? "" : `${unit}: `}median, whisker from minimum to maximum; ${direction}${scale}`;
}

/** A logarithmic axis begins at a half of the smallest bar, so that this one has a length. */
function valueAxis(bars: readonly Bar[], isLog: boolean): object {
  const look = {
    axisLabel: { color: FAINT_TEXT, hideOverlap: true, showMinLabel: !isLog },
    splitLine: { lineStyle: { color: GRID } },
    position: "top",
  };
  if (!isLog) return { type: "value", ...look };
  const smallest = Math.min(...bars.map(({ min }) => min));
  const largest = Math.max(...bars.map(({ max }) => max));
  return { type: "log", min: smallest / 2, max: largest * 1.1, ...look };
}

function medians(bars: readonly Bar[], metric: MetricKey, baseline: number | undefined): object {
  const { scale = 1 }: Metric = METRICS[metric];
  return {
    type: "bar",
    barWidth: "62%",
    data: bars.map(({ client, median, max }, index) => ({
      value: median,
      itemStyle: { color: colorOf(client, index), opacity: client === "holdfast" ? 1 : 0.75 },
      label: {
        show: true,
        // Beside the whisker, which may be longer than the bar: see the invisible mark at the maximum.
        position: "right",
        distance: max > median ? 14 : 8,
        color: TEXT,
        formatter: labelOf(formatValue(metric, median * scale), median, baseline),
      },
    })),
  };
}

function labelOf(figure: string, median: number, baseline: number | undefined): string {
  return baseline === undefined ? figure : `${figure}   ${formatFigure(median / baseline)} x`;
}

function baselineOf(bars: readonly Bar[]): number | undefined {
  return bars.find(({ client, median }) => client === BASELINE && median > 0)?.median;
}

function whiskers(bars: readonly Bar[]): object {
  return {
    type: "custom",
    silent: true,
    z: 3,
    data: bars.map(({ min, max }, index) => [min, max, index]),
    encode: { x: [0, 1], y: 2 },
    renderItem(_params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) {
      const [left, y] = api.coord([api.value(0), api.value(2)]) as [number, number];
      const [right] = api.coord([api.value(1), api.value(2)]) as [number, number];
      const style = { stroke: TEXT, lineWidth: 1.2 };
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        type: "line",
        shape: { x1, y1, x2, y2 },
        style,
      });
      return {
        type: "group",
        children: [
          line(left, y, right, y),
          line(left, y - WHISKER_CAP_PX, left, y + WHISKER_CAP_PX),
          line(right, y - WHISKER_CAP_PX, right, y + WHISKER_CAP_PX),
        ],
      };
    },
  };
}
