import type { ClosedLoopSample } from "../child/closed-loop.ts";
import { type ClosedLoopSamples, RAW } from "../closed-loop.ts";
import type { Measurement } from "../lab.ts";
import { formatFigure, formatRatio, median } from "../statistics.ts";

/**
 * How many times the fastest client's rate the server must be able to serve. Below it the server is busy most of
 * the time, calls queue there, and latency is the server's.
 */
const MIN_HEADROOM = 1.25;

/** How far the load server was from being what the run measured. */
export interface Headroom {
  /** Requests per second that raw sockets got through, at the highest concurrency. */
  readonly rawPerSecond: number;
  readonly fastestClient: string;
  readonly fastestPerSecond: number;
  /** Share of the time that the server's event loop was busy with the fastest client, from 0. */
  readonly busyShare: number;
}

/** With the fastest of the clients named; of all of them, without names. */
export function headroomOf(samples: ClosedLoopSamples, clients?: readonly string[]): Headroom {
  let fastestClient = "";
  let fastestPerSecond = 0;
  let busyShare = 0;
  for (const [name, measured] of samples) {
    const perSecond = median(measured.map(peakRate));
    if (name === RAW || clients?.includes(name) === false || perSecond <= fastestPerSecond) continue;
    fastestClient = name;
    fastestPerSecond = perSecond;
    busyShare = (median(measured.map(({ serverUs }) => serverUs)) * perSecond) / 1e6;
  }
  const rawPerSecond = median((samples.get(RAW) ?? []).map(peakRate));
  return { rawPerSecond, fastestClient, fastestPerSecond, busyShare };
}

/**
 * Why the server is, or may be, the bottleneck; `undefined` where it was not. Raw sockets show its headroom where a
 * request is small. Where moving the bytes is most of the work, raw sockets are as busy as every client, and the
 * server's own idleness has to show it.
 */
export function headroomDoubt(work: string, headroom: Headroom): string | undefined {
  const { rawPerSecond, fastestClient, fastestPerSecond, busyShare } = headroom;
  if (rawPerSecond >= fastestPerSecond * MIN_HEADROOM) return undefined;
  if (busyShare * MIN_HEADROOM <= 1) return undefined;
  return (
    `${work}: the load server is the bottleneck: raw sockets got ${formatFigure(rawPerSecond)} requests/s through it, ` +
    `${formatRatio(rawPerSecond, fastestPerSecond)} what ${fastestClient} did, and ${MIN_HEADROOM} x are needed; ` +
    `and its event loop was busy for ${Math.round(busyShare * 100)} % of the time, 80 % are allowed; ` +
    "latency and rate of that client are the server's and are left out"
  );
}

function peakRate({ sample }: Measurement<ClosedLoopSample>): number {
  return Math.max(...sample.windows.map(({ calls, wallMs }) => (calls / wallMs) * 1_000));
}
