import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from "echarts";
import { BASELINE } from "../../client-catalogue.ts";
import { formatValue, METRICS, type Metric, type MetricKey, summaryOf } from "../../metrics.ts";
import type { PartResult } from "../../result.ts";
import { formatFigure, type Summary } from "../../statistics.ts";
import { rankedClients } from "../tables.ts";
import { barColorOf, FAINT_TEXT, GRID, TEXT } from "./palette.ts";
import { draw, type Plot } from "./svg.ts";

const ROW_PX = 30;
const FRAME_PX = 120;
/** Where the largest bar is more times the smallest, a linear axis would hide the small ones. */
const MAX_LINEAR_SPREAD = 8;
const WHISKER_CAP_PX = 4;
const LABEL_GAP_PX = 8;
const CHARACTER_PX = 7.8;

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
    name: metric,
    title: `${METRICS[metric].title}, ${work}`,
    subtitle: subtitleOf(metric, isLog),
    heightPx: FRAME_PX + bars.length * ROW_PX,
    option: {
      grid: { left: namesWidthPx(bars), right: 130, top: 84, bottom: 14, outerBoundsMode: "none" },
      xAxis: valueAxis(bars, isLog),
      yAxis: {
        type: "category",
        inverse: true,
        data: bars.map(({ client }) => client),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: TEXT, fontSize: 13 },
      },
      series: [medians(bars), whiskers(bars, labelsOf(bars, metric))],
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
  const look = { position: "top", splitLine: { lineStyle: { color: GRID } } };
  if (!isLog) return { type: "value", axisLabel: { color: FAINT_TEXT }, ...look };
  const min = Math.min(...bars.map((bar) => bar.min)) / 2;
  const max = Math.max(...bars.map((bar) => bar.max));
  const customValues = logTicks(min, max);
  return {
    type: "log",
    min,
    max,
    axisTick: { customValues },
    axisLabel: { color: FAINT_TEXT, customValues, formatter: (tick: number) => tick.toLocaleString("en-US") },
    ...look,
  };
}

/** Room for the names: the library guesses the width of text, and is wrong by as much as fonts differ. */
function namesWidthPx(bars: readonly Bar[]): number {
  return 24 + CHARACTER_PX * Math.max(...bars.map(({ client }) => client.length));
}

/** 1, 2 and 5 of each power of ten between the ends: what the library picks by itself are powers of ten only. */
export function logTicks(from: number, to: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
    ticks.push(...[1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  }
  return ticks.filter((tick) => tick >= from && tick <= to);
}

function medians(bars: readonly Bar[]): object {
  return {
    type: "bar",
    barWidth: "62%",
    data: bars.map(({ client, median }) => ({ value: median, itemStyle: { color: barColorOf(client) } })),
  };
}

/** From minimum to maximum, with the figure behind the end, where no bar and no whisker is. */
function whiskers(bars: readonly Bar[], labels: readonly string[]): object {
  return {
    type: "custom",
    silent: true,
    clip: false,
    z: 3,
    data: bars.map(({ min, max }, index) => [min, max, index]),
    encode: { x: [0, 1], y: 2 },
    renderItem({ dataIndex }: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) {
      const [left, y] = api.coord([api.value(0), api.value(2)]) as [number, number];
      const [right] = api.coord([api.value(1), api.value(2)]) as [number, number];
      const text = {
        text: labels[dataIndex]!,
        x: right + LABEL_GAP_PX,
        y,
        verticalAlign: "middle",
        fill: TEXT,
      };
      return {
        type: "group",
        children: [...whisker(left, right, y), { type: "text", style: { ...text, fontSize: 13 } }],
      };
    },
  };
}

function whisker(left: number, right: number, y: number): object[] {
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: "line",
    shape: { x1, y1, x2, y2 },
    style: { stroke: TEXT, lineWidth: 1.2 },
  });
  if (left === right) return [];
  return [
    line(left, y, right, y),
    line(left, y - WHISKER_CAP_PX, left, y + WHISKER_CAP_PX),
    line(right, y - WHISKER_CAP_PX, right, y + WHISKER_CAP_PX),
  ];
}

/** `36.0   1.13 x`: the median, and what it is of the baseline's. */
function labelsOf(bars: readonly Bar[], metric: MetricKey): string[] {
  const { scale = 1 }: Metric = METRICS[metric];
  const baseline = bars.find(({ client }) => client === BASELINE)?.median;
  return bars.map(({ median }) => {
    const figure = formatValue(metric, median * scale);
    return baseline === undefined || baseline === 0
      ? figure
      : `${figure}   ${formatFigure(median / baseline)} x`;
  });
}
