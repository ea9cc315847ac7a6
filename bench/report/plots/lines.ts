import { headingOf, isMetricKey, METRICS, type Metric } from "../../metrics.ts";
import type { Curve, PartResult } from "../../result.ts";
import { formatFigure } from "../../statistics.ts";
import { colorOf, FAINT_TEXT, GRID, TEXT } from "./palette.ts";
import { draw, type Plot } from "./svg.ts";

const HEIGHT_PX = 420;
/** Shares whose distance to 1 is worth a tick: as many nines, as much of the axis. */
const TICK_SHARES = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999] as const;
const SECONDS_PER_MINUTE = 60;
/** From this length on, minutes read better than seconds. */
const MIN_MINUTES_S = 300;

/** A plot for each kind of work and metric that the part has curves of. */
export function linePlots(part: PartResult): Plot[] {
  const groups = new Map<string, Curve[]>();
  for (const curve of part.curves) {
    const key = JSON.stringify([curve.kind, curve.work, curve.metric]);
    groups.set(key, [...(groups.get(key) ?? []), curve]);
  }
  return [...groups.values()].map((curves) =>
    curves[0]!.kind === "percentiles" ? percentilePlot(part, curves) : overTimePlot(part, curves),
  );
}

/** Latency over the share of calls that were faster, with the tail drawn out: x is the number of nines. */
function percentilePlot({ part }: PartResult, curves: readonly Curve[]): Plot {
  const { work } = curves[0]!;
  const lines = curves.map((curve) => ({
    client: curve.client,
    points: curve.points
      .filter(([share]) => share < 1)
      .map(([share, latencyUs]): [number, number] => [ninesOf(share), latencyUs]),
  }));
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(([nines]) => nines)));
  const ticks = TICK_SHARES.map(ninesOf).filter((nines) => nines <= highest + 0.01);
  return draw({
    part,
    work,
    name: "percentiles",
    title: `Latency by percentile, ${work}`,
    subtitle: "us from the intended start to the whole answer; both axes logarithmic; less is better",
    heightPx: HEIGHT_PX,
    option: {
      ...frame(curves),
      xAxis: {
        type: "value",
        min: 0,
        max: highest,
        axisTick: { customValues: ticks },
        axisLabel: { customValues: ticks, color: FAINT_TEXT, formatter: shareLabel },
        splitLine: { lineStyle: { color: GRID } },
      },
      yAxis: { type: "log", ...yAxisLook() },
      series: lines.map(lineSeries),
    },
  });
}

/** Lines over time, in whatever unit their points have. */
export interface LinesOverTime {
  readonly part: string;
  readonly work: string;
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly lines: readonly {
    readonly client: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

export function linesOverTime({ lines, ...about }: LinesOverTime): Plot {
  return draw({
    ...about,
    heightPx: HEIGHT_PX,
    option: {
      ...frame(lines),
      xAxis: {
        type: "value",
        min: 0,
        max: Math.max(...lines.flatMap(({ points }) => points.map(([x]) => x))),
        axisLabel: { color: FAINT_TEXT, showMaxLabel: false },
        splitLine: { show: false },
      },
      // From zero: a growth of a hundredth must look like one.
      yAxis: { type: "value", min: 0, ...yAxisLook() },
      series: lines.map(lineSeries),
    },
  });
}

function overTimePlot({ part }: PartResult, curves: readonly Curve[]): Plot {
  const { work, metric } = curves[0]!;
  const lastSeconds = Math.max(...curves.flatMap(({ points }) => points.map(([seconds]) => seconds)));
  const isLong = lastSeconds >= MIN_MINUTES_S;
  const perX = isLong ? SECONDS_PER_MINUTE : 1;
  const { scale = 1, title }: Pick<Metric, "title" | "scale"> = isMetricKey(metric)
    ? METRICS[metric]
    : { title: metric };
  return linesOverTime({
    part,
    work,
    name: `${metric} over time`,
    title: `${title} over time, ${work}`,
    subtitle: `${headingOf(metric)} over ${isLong ? "minutes" : "seconds"}`,
    lines: curves.map(({ client, points }) => ({
      client,
      points: points.map(([x, y]): [number, number] => [x / perX, y / scale]),
    })),
  });
}

/** 0.9 is 1, 0.99 is 2. */
export function ninesOf(share: number): number {
  return -Math.log10(1 - share);
}

/** The tick at so many nines: `99.9 %`. */
function shareLabel(nines: number): string {
  return `${Number(((1 - 10 ** -nines) * 100).toFixed(6))} %`;
}

function frame(curves: readonly { readonly client: string }[]): object {
  return {
    grid: { left: 20, right: 44, top: 66, bottom: 44, outerBoundsMode: "same" },
    legend: {
      bottom: 6,
      left: 12,
      icon: "roundRect",
      itemHeight: 4,
      itemWidth: 18,
      itemGap: 22,
      textStyle: { color: TEXT },
      data: curves.map(({ client }) => client),
    },
  };
}

function yAxisLook(): object {
  return {
    axisLabel: { color: FAINT_TEXT, formatter: (value: number) => formatFigure(value).replace(/\.0+$/, "") },
    splitLine: { lineStyle: { color: GRID } },
  };
}

function lineSeries(
  { client, points }: { client: string; points: readonly (readonly [number, number])[] },
  index: number,
): object {
  const color = colorOf(client, index);
  return {
    type: "line",
    name: client,
    data: points,
    showSymbol: false,
    itemStyle: { color },
    lineStyle: { color, width: client === "holdfast" ? 3 : 1.6 },
    z: client === "holdfast" ? 3 : 2,
  };
}
