import type { SoakInput, SoakLength, SoakSample } from "../child/soak.ts";
import type { SoakPoint } from "../child/soak-sampler.ts";
import { compiledUrl, descriptionsOf, loadPeers, type Peer, packagesOf } from "../client-catalogue.ts";
import { measuredFigure } from "../figures.ts";
import { Lab } from "../lab.ts";
import type { Measured, Part, PartRun } from "../part.ts";
import { countProcesses } from "../progress-counter.ts";
import type { Curve, Figure } from "../result.ts";
import { median } from "../statistics.ts";
import { SMALL_WORK } from "../work.ts";

/** One way to soak. */
export interface SoakStep {
  readonly work: string;
  readonly length: SoakLength;
  readonly sampleEveryMs: number;
}

/** Moderate: three clients at once on two cores must have idle time, as the service that they stand for has. */
const RATE_PER_SECOND = 300;

const CALLS = 1_000_000;
const QUICK_CALLS = 50_000;
/** Of the slowest client, three of them at once. */
const CALLS_PER_SECOND = 1_000;

const CURVES = ["rss", "heapUsed", "sockets", "listeners", "timers", "goodput"] as const;

export const soak: Part = {
  name: "soak",
  title: "memory, sockets, listeners and timers over a million calls, and over half an hour",
  clients: ["undici", "holdfast", "aws-sdk"],
  quickClients: [],
  estimateSeconds: ({ soakMinutes, isQuick }) => soakMinutes * 60 + callsOf(isQuick) / CALLS_PER_SECOND,
  measure: (run) => measure(run, stepsOf(run)),
};

/**
 * All clients at once, each with a load server of its own: what they hold does not depend on who else is running,
 * and half an hour for each in turn would say no more. There is one round.
 */
export async function measure(run: PartRun, steps: readonly SoakStep[]): Promise<Measured> {
  const peers = await loadPeers(run.clients);
  const onProcess = countProcesses(run, steps.length);
  const figures: Figure[] = [];
  const curves: Curve[] = [];
  for (const step of steps) {
    onProcess(step.work);
    const samples = await Promise.all(peers.map((peer) => soakOne(peer, step, run.build)));
    for (const [index, { name }] of peers.entries()) {
      figures.push(...figuresOf(name, step.work, samples[index]!));
      curves.push(...curvesOf(name, step.work, samples[index]!.points));
    }
  }
  return { figures, curves, clients: descriptionsOf(peers), packages: packagesOf(peers), doubts: [] };
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
  const figures: Record<string, number | undefined> = {
    goodput,
    rss: levelOf(points, 4),
    rssGrowth: growthOf(points),
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

function stepsOf({ isQuick, soakMinutes }: PartRun): SoakStep[] {
  const calls = callsOf(isQuick);
  return [
    { work: `${calls.toLocaleString("en-US")} calls`, length: { calls }, sampleEveryMs: 1_000 },
    {
      work: soakMinutes === 1 ? "1 minute" : `${soakMinutes} minutes`,
      length: { durationMs: soakMinutes * 60_000, ratePerSecond: RATE_PER_SECOND },
      sampleEveryMs: 5_000,
    },
  ];
}

function callsOf(isQuick: boolean): number {
  return isQuick ? QUICK_CALLS : CALLS;
}
