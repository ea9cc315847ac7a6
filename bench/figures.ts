import type { ClosedLoopSample, WindowSample } from "./child/closed-loop.ts";
import type { StandstillSample } from "./child/standstill.ts";
import { type ClosedLoopSamples, RAW } from "./closed-loop.ts";
import type { Figure } from "./result.ts";
import { headroomDoubt, headroomOf } from "./server/headroom.ts";
import { MACHINE } from "./standstill.ts";
import { closedLoopTitle, type Work } from "./work.ts";

/** What one window says, by the key of the metric. */
const WINDOW_METRICS: Readonly<Record<string, (window: WindowSample) => number | undefined>> = {
  CPU: ({ cpuUs, calls }) => cpuUs / calls,
  p50: ({ p50Us }) => p50Us,
  p99: ({ p99Us }) => p99Us,
  stall: ({ stallMs }) => stallMs,
  rate: ({ calls, wallMs }) => (calls / wallMs) * 1_000,
};

/** A figure, unless no round has a value. */
export function measuredFigure(
  client: string,
  work: string,
  metric: string,
  values: readonly (number | undefined)[],
): Figure[] {
  const measured = values.filter((value) => value !== undefined);
  return measured.length === 0 ? [] : [{ client, work, metric, values: measured }];
}

/** What the client's own process spends and allocates: no less when it has to wait for the server. */
const OWN_METRICS = ["CPU", "stall"];

/**
 * Figures of all clients at one kind of work, and why some are left out: of a client that kept the server busy, its
 * latency and its rate would be the server's. Of the raw client the rate alone, which is the load server's;
 * allocation does not depend on the concurrency, so it is with the first one only.
 */
export function closedLoopFigures(
  samples: ClosedLoopSamples,
  work: Work,
  concurrencies: readonly number[],
  suffix = "",
): { readonly figures: Figure[]; readonly doubts: string[] } {
  const doubts: string[] = [];
  const figures = [...samples].flatMap(([client, measured]) => {
    const doubt =
      client === RAW ? undefined : headroomDoubt(work.title + suffix, headroomOf(samples, [client]));
    if (doubt !== undefined) doubts.push(doubt);
    const keys = client === RAW ? ["rate"] : doubt === undefined ? Object.keys(WINDOW_METRICS) : OWN_METRICS;
    const rounds = measured.map(({ sample }) => sample);
    return concurrencies.flatMap((concurrency, position) => {
      const title = closedLoopTitle(work, concurrency, suffix);
      const heap = rounds.map(({ heapBytesPerCall }) => heapBytesPerCall);
      return [
        ...windowFigures(client, title, concurrency, rounds, keys),
        ...(position === 0 && client !== RAW ? measuredFigure(client, title, "heap", heap) : []),
      ];
    });
  });
  return { figures, doubts };
}

/** The machine's own stalls beside those of the clients at one kind of work. */
export function standstillFigures(
  standstills: readonly StandstillSample[],
  work: Work,
  concurrencies: readonly number[],
  suffix = "",
): Figure[] {
  return concurrencies.flatMap((concurrency, position) =>
    measuredFigure(
      MACHINE,
      closedLoopTitle(work, concurrency, suffix),
      "stall",
      standstills.map(({ stallsMs }) => stallsMs[position]),
    ),
  );
}

function windowFigures(
  client: string,
  title: string,
  concurrency: number,
  rounds: readonly ClosedLoopSample[],
  keys: readonly string[],
): Figure[] {
  const windows = rounds.flatMap((round) =>
    round.windows.filter((window) => window.concurrency === concurrency),
  );
  return keys.flatMap((key) => measuredFigure(client, title, key, windows.map(WINDOW_METRICS[key]!)));
}
