import type { Machine } from "./machine.ts";

/** Changes with the shape of {@link PartResult}: results of another format are not read. */
export const FORMAT = 2;

/** One quantity of one client at one kind of work: one value per round, in the order of the rounds. */
export interface Figure {
  readonly client: string;
  /** What was done, as the report's table is titled: "1 KB, 64 in flight". */
  readonly work: string;
  /** "CPU", "p50", "p99", "heap", "stall" ... : key of the catalogue in bench/metrics.ts, which has title and unit. */
  readonly metric: string;
  readonly values: readonly number[];
}

/** A line of a plot. `kind` says what x and y are. */
export interface Curve {
  readonly client: string;
  readonly work: string;
  /** percentiles: x = share 0..1 (0.999), y = latency us · overTime: x = seconds since the start, y = the metric's value. */
  readonly kind: "percentiles" | "overTime";
  readonly metric: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Everything one part of a run measured. */
export interface PartResult {
  readonly format: typeof FORMAT;
  /** "closed-loop", "open-loop", "tls", "streams", "import", "bundle", "layers", "faults", "million-calls", "soak" */
  readonly part: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The command that measured it, e.g. "npm run bench -- --parts tls". */
  readonly command: string;
  /** Short hash of the commit, with "+" where the tree had changes. */
  readonly revision: string;
  readonly isQuick: boolean;
  readonly rounds: number;
  readonly machine: Machine;
  /** Whether the main threads of client and load server had a core each; absent where there was no load server, or none alone. */
  readonly hasOwnCores?: boolean;
  /**
   * Share of the machine's CPU time in the run that its host gave to others, 0 to 1; absent where the system does not tell,
   * and in results from before it was watched.
   */
  readonly stolenShare?: number;
  readonly packages: Readonly<Record<string, string>>;
  /** Description per client that was measured. */
  readonly clients: Readonly<Record<string, string>>;
  readonly figures: readonly Figure[];
  readonly curves: readonly Curve[];
}
