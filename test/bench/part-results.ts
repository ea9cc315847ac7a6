import type { Curve, Figure, PartResult } from "../../bench/result.ts";

/** A figure of invented values. */
export function figure(client: string, work: string, metric: string, ...values: number[]): Figure {
  return { client, work, metric, values };
}

/** An invented result; what a test is about is in `changes`. */
export function partResult(changes: Partial<PartResult> = {}): PartResult {
  return {
    format: 2,
    part: "closed-loop",
    startedAt: "2026-01-06T09:00:00.000Z",
    command: "npm run bench -- --parts closed-loop --save",
    revision: "0123abc",
    isQuick: false,
    rounds: 3,
    machine: {
      cpu: "A CPU",
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      loadAverage: 0.5,
      system: "linux 6 x64",
      node: "20.20.2",
      v8: "11.3",
    },
    packages: { undici: "7.30.2" },
    clients: { undici: "bare undici", holdfast: "every layer on", "aws-sdk": "official client" },
    figures: CLOSED_LOOP,
    curves: [],
    ...changes,
  };
}

const BUSY = "1 KB, 64 in flight";

const CLOSED_LOOP: readonly Figure[] = [
  figure("aws-sdk", BUSY, "CPU", 480, 320, 470),
  figure("aws-sdk", BUSY, "heap", 158_000, 158_100, 157_900),
  figure("holdfast", BUSY, "CPU", 36, 35, 40),
  figure("holdfast", BUSY, "heap", 12_000, 12_100, 11_900),
  figure("undici", BUSY, "CPU", 30, 34, 32),
  figure("undici", BUSY, "heap", 13_000, 13_000, 13_000),
];

const OPEN_LOOP_WORK = "1 KB, open loop, 5,000/s";

/** Latencies that grow tenfold from the median to 99.99 %. */
function percentiles(client: string, medianUs: number): Curve {
  const shares = [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];
  const points = shares.map((share) => [share, medianUs * 10 ** (-Math.log10(1 - share) / 4)] as const);
  return { client, work: OPEN_LOOP_WORK, kind: "percentiles", metric: "p50", points };
}

/** An open loop with a curve for each client. */
export function openLoopPart(): PartResult {
  return partResult({
    part: "open-loop",
    figures: [
      figure("undici", OPEN_LOOP_WORK, "p50", 200),
      figure("holdfast", OPEN_LOOP_WORK, "p50", 220),
      figure("undici", OPEN_LOOP_WORK, "p99", 600),
      figure("holdfast", OPEN_LOOP_WORK, "p99", 720),
    ],
    curves: [percentiles("undici", 200), percentiles("holdfast", 220), percentiles("aws-sdk", 2_000)],
  });
}

/** A soak whose RSS rises, and then does not. */
export function soakPart(): PartResult {
  const work = "30 minutes";
  const minutes = Array.from({ length: 31 }, (_, index) => index);
  const line = (metric: string, valueAt: (minute: number) => number): Curve => ({
    client: "holdfast",
    work,
    kind: "overTime",
    metric,
    points: minutes.map((minute) => [minute * 60, valueAt(minute)] as const),
  });
  return partResult({
    part: "soak",
    figures: [figure("holdfast", "1,000,000 calls", "sockets", 0, 0), figure("holdfast", work, "rss", 9e7)],
    curves: [line("rss", (minute) => 9e7 + Math.min(minute, 5) * 1e6), line("goodput", () => 5_000)],
  });
}
