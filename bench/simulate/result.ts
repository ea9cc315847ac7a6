import type { Machine } from "../machine.ts";
import type { Phase } from "./scenarios/scenario.ts";

/** Everything that one run of the simulator found: the report and the goals are made of it and of nothing else. */
export interface SimulationResult {
  /** The command that gives the same figures again, at this revision. */
  readonly command: string;
  readonly revision: string;
  readonly startedAt: string;
  readonly machine: Machine;
  readonly packages: Readonly<Record<string, string>>;
  readonly seeds: readonly number[];
  readonly isQuick: boolean;
  readonly scenarios: readonly ScenarioResult[];
}

export interface ScenarioResult {
  readonly name: string;
  readonly group: string;
  readonly phases: readonly Phase[];
  readonly rows: readonly Row[];
}

/** What one policy made of one scenario. */
export interface Row {
  readonly policy: string;
  readonly description: string;
  /** By figure, a value for each seed; `null` where there is none, as for a recovery that did not come. */
  readonly figures: Readonly<Record<string, readonly (number | null)[]>>;
  /** Means over the seeds, by second. */
  readonly curves: {
    /** Share of the requests of a second that were answered. */
    readonly goodput: readonly number[];
    /** Attempts that were sent in a second. */
    readonly sent: readonly number[];
  };
}
