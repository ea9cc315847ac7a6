import type { OwnCores } from "./cores.ts";
import type { Curve, Figure } from "./result.ts";

/** What a part is told of the run it belongs to. */
export interface PartRun {
  /** The compiled bench: what the measuring processes run. */
  readonly build: URL;
  /** Names of the clients to measure: of the part's own, those that were asked for. */
  readonly clients: readonly string[];
  readonly rounds: number;
  /** Short windows, and less work where the part says so. */
  readonly isQuick: boolean;
  /** Of client and load server, for a part that has them apart. */
  readonly cores?: OwnCores | undefined;
  readonly soakMinutes: number;
  readonly soakRatePerSecond: number;
  /** Called before each process with what is about to run. */
  onProgress(done: number, total: number, running: string): void;
}

/** What a part found. */
export interface Measured {
  readonly figures: readonly Figure[];
  readonly curves: readonly Curve[];
  /** Description per client that was measured. */
  readonly clients: Readonly<Record<string, string>>;
  /** npm packages whose versions the figures depend on. */
  readonly packages: readonly string[];
  /** One line for each kind of work whose figures are left out because they cannot be trusted. */
  readonly doubts: readonly string[];
}

/** One question that the bench answers. A file of `bench/parts/` is one part. */
export interface Part {
  /** As `--parts` and the name of its result file have it. */
  readonly name: string;
  /** For `--help`, in a few words. */
  readonly title: string;
  /** The clients that the question makes sense for. */
  readonly clients: readonly string[];
  /** The clients of `--quick` without `--clients`; none: the part is left out of `--quick` without `--parts`. */
  readonly quickClients: readonly string[];
  /** Whether one client at a time calls one load server, each on a core of its own where there are two. */
  readonly hasCoresApart?: boolean;
  /** How many rounds it takes without `--rounds`. @default 5, and 3 in a quick run */
  readonly usualRounds?: { readonly full: number; readonly quick: number };
  /** About how long it takes, in seconds. */
  estimateSeconds(run: Omit<PartRun, "build" | "onProgress">): number;
  /** @throws {BenchError} where nothing can be trusted */
  measure(run: PartRun): Promise<Measured>;
}
