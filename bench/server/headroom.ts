import type { ClientSample } from "../child/task.ts";
import { BenchError } from "../errors.ts";
import type { BenchResult } from "../result.ts";
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
}

export function headroomOf({ rounds, clients }: BenchResult): Headroom {
  let fastestClient = "";
  let fastestPerSecond = 0;
  for (const name of Object.keys(clients)) {
    const perSecond = median(rounds.map(({ samples }) => peakRate(samples[name]!)));
    if (perSecond <= fastestPerSecond) continue;
    fastestClient = name;
    fastestPerSecond = perSecond;
  }
  return { rawPerSecond: median(rounds.map(({ raw }) => peakRate(raw))), fastestClient, fastestPerSecond };
}

/** @throws {BenchError} where the server is, or may be, the bottleneck */
export function checkHeadroom(headroom: Headroom): void {
  const { rawPerSecond, fastestClient, fastestPerSecond } = headroom;
  if (rawPerSecond >= fastestPerSecond * MIN_HEADROOM) return;
  throw new BenchError(
    `the load server is the bottleneck: raw sockets got ${formatFigure(rawPerSecond)} requests/s through it, ` +
      `${formatRatio(rawPerSecond, fastestPerSecond)} what ${fastestClient} did, and ${MIN_HEADROOM} x are needed; ` +
      "these figures say nothing, run again on a machine with an idle core",
  );
}

function peakRate({ windows }: ClientSample): number {
  return Math.max(...windows.map(({ calls, wallMs }) => (calls / wallMs) * 1_000));
}
