import type { SoakInput, SoakLength, SoakSample } from "../child/soak.ts";
import type { SoakPoint } from "../child/soak-sampler.ts";
import { compiledUrl, descriptionsOf, loadPeers, type Peer, packagesOf } from "../client-catalogue.ts";
import { measuredFigure } from "../figures.ts";
import { Lab } from "../lab.ts";
import type { Measured, Part, PartRun } from "../part.ts";
import { countProcesses } from "../progress-counter.ts";
import type { Curve, Figure } from "../result.ts";
import { median } from "../statistics.ts";
import { blockMedians, type Trend, trendOf } from "../trend.ts";
import { SMALL_WORK } from "../work.ts";

/** One way to soak. */
export interface SoakStep {
  readonly work: string;
  readonly length: SoakLength;
  readonly sampleEveryMs: number;
}

const CURVES = ["rss", "heapUsed", "sockets", "listeners", "timers", "goodput"] as const;

/** Resident memory moves slowly: medians of so many blocks are about independent of each other. */
const TREND_BLOCKS = 10;

export const soak: Part = {
  name: "soak",
  title: "memory, sockets, listeners and timers over half an hour at a fixed rate",
  clients: ["undici", "holdfast", "aws-sdk"],
  quickClients: [],
  estimateSeconds: ({ soakMinutes }) => soakMinutes * 60,
  measure: (run) => measure(run, () => stepOf(run)),
};

/**
 * All clients at once, each with a load server of its own: what they hold does not depend on who else is running,
 * and half an hour for each in turn would say no more. There is one round.
 */
export async function measure(run: PartRun, stepFor: (client: string) => SoakStep): Promise<Measured> {
  const peers = await loadPeers(run.clients);
  countProcesses(run, 1)(run.clients.join(", "));
  const samples = await Promise.all(peers.map((peer) => soakOne(peer, stepFor(peer.name), run.build)));
  const measured = peers.map(({ name }, index) => ({ name, ...stepFor(name), sample: samples[index]! }));
  return {
    figures: measured.flatMap(({ name, work, sample }) => figuresOf(name, work, sample)),
    curves: measured.flatMap(({ name, work, sample }) => curvesOf(name, work, sample.points)),
    clients: descriptionsOf(peers),
    packages: packagesOf(peers),
    doubts: [],
  };
}

function soakOne(peer: Peer, { length, sampleEveryMs }: SoakStep, build: URL): Promise<SoakSample> {
  return Lab.use(build, SMALL_WORK, async (lab) => {
    const clientUrl = compiledUrl(peer, build);
    const input: SoakInput = { clientUrl, target: lab.target, work: SMALL_WORK, length, sampleEveryMs };
    // A process may take ten times as long as planned: of a rate twice the time is enough to show that it is too much.
    const plannedMs = "durationMs" in length ? length.durationMs / 5 : length.calls;
    return (await lab.measure<SoakSample>({ name: peer.name, program: "soak", input, plannedMs })).sample;
  });
}

export function figuresOf(client: string, work: string, sample: SoakSample): Figure[] {
  const { goodput, heapUsed, heapGrowth, left, points } = sample;
  const trend = rssTrendOf(points);
  const figures: Record<string, number | undefined> = {
    goodput,
    rss: levelOf(points, 4),
    rssGrowth: growthOf(points),
    rssTrend: trend?.slope,
    rssTrendBound: trend?.upper,
    heapUsed,
    heapGrowth,
    ...left,
  };
  return Object.entries(figures).flatMap(([metric, value]) => measuredFigure(client, work, metric, [value]));
}

/**
 * How much the resident memory grew after the warm-up: from its median in the second fifth of the time to that in
 * the last. `undefined` where a fifth has no sample.
 */
export function growthOf(points: readonly SoakPoint[]): number | undefined {
  const [early, late] = [levelOf(points, 1), levelOf(points, 4)];
  return early === undefined || late === undefined ? undefined : late - early;
}

/**
 * Bytes of resident memory that each call of the second half added, as a trend: by then pools, caches and the
 * heap's generations have their size, and what still grows is a leak. `undefined` where there are too few samples.
 */
export function rssTrendOf(points: readonly SoakPoint[]): Trend | undefined {
  const secondHalf = points.slice(Math.ceil(points.length / 2));
  return trendOf(
    blockMedians(
      secondHalf.map(({ calls, rss }) => [calls, rss]),
      TREND_BLOCKS,
    ),
  );
}

/** Median resident memory in one fifth of the time, counted from 0. */
function levelOf(points: readonly SoakPoint[], fifth: number): number | undefined {
  const length = points.length / 5;
  const part = points.slice(Math.floor(fifth * length), Math.floor((fifth + 1) * length));
  return part.length === 0 ? undefined : median(part.map(({ rss }) => rss));
}

function curvesOf(client: string, work: string, points: readonly SoakPoint[]): Curve[] {
  if (points.length === 0) return [];
  return CURVES.map((metric) => ({
    client,
    work,
    kind: "overTime",
    metric,
    points: points.map((point) => [point.seconds, point[metric]] as const),
  }));
}

function stepOf({ soakMinutes, soakRatePerSecond }: PartRun): SoakStep {
  return {
    work: soakMinutes === 1 ? "1 minute" : `${soakMinutes} minutes`,
    length: { durationMs: soakMinutes * 60_000, ratePerSecond: soakRatePerSecond },
    sampleEveryMs: 5_000,
  };
}
