import type { Figure, PartResult } from "../../bench/result.ts";

export function figure(client: string, metric: string, ...values: number[]): Figure {
  return { client, work: "1 KB, 64 in flight", metric, values };
}

/** A part of a run of three rounds on a quiet machine. */
export function partResult(part: Partial<PartResult> = {}): PartResult {
  return {
    format: 2,
    part: "closed-loop",
    startedAt: "2026-01-06T09:00:00.000Z",
    command: "npm run bench -- --parts closed-loop",
    revision: "abcdef0",
    isQuick: false,
    rounds: 3,
    machine: {
      cpu: "A CPU",
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      loadAverage: 0.5,
      system: "linux",
      node: "20.20.2",
      v8: "11",
    },
    packages: { undici: "7.30.2" },
    clients: { undici: "what undici is", slow: "what slow is" },
    figures: [figure("undici", "CPU", 30, 34, 32), figure("slow", "CPU", 480, 320, 470)],
    curves: [],
    ...part,
  };
}
