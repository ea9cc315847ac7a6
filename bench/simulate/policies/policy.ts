import type { Clock } from "../../../lib/clock.ts";
import type { Network, SimulatedRequest } from "../fleet/request.ts";

/** What a client of one process has of the simulated world. */
export interface World {
  readonly clock: Clock;
  readonly random: () => number;
  readonly network: Network;
  /** How long one attempt may take, in milliseconds. */
  readonly attemptTimeoutMs: number;
}

/** The client of one process. */
export interface SimulatedClient {
  /** Resolves when the request was answered well; rejects when it was lost, whatever the reason. */
  call(request: SimulatedRequest): Promise<void>;
}

/** A way to make calls, compared with others on the same arrivals. */
export interface Policy {
  readonly name: string;
  /** For the legend: what of which package runs. */
  readonly description: string;
  /** Packages whose versions the report states. */
  readonly packages: readonly string[];
  /** Makes the client of one process. */
  open(world: World): SimulatedClient;
}
