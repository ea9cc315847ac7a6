import { type ContainerHandler, type LocalEndpoint, startLocalEndpoint } from "../../lib/local/index.ts";
import { derivedRandom } from "../../lib/local/seeded-random.ts";
import type { Target } from "../client.ts";
import { ModelNode } from "./model-node.ts";
import { type Fault, MEAN_SERVICE_MS, NODES, type Scenario, WORKERS_PER_NODE } from "./scenario.ts";

export interface FaultyEndpointOptions {
  readonly scenario: Scenario;
  readonly credentials: Target["credentials"];
  /** The same seed: the same service times, routes and hits. */
  readonly seed: number;
}

/** The local endpoint with models that have a capacity, and the fault of a scenario at its time. */
export class FaultyEndpoint {
  readonly #options: FaultyEndpointOptions;
  #nodes: ModelNode[];
  #endpoint: LocalEndpoint | undefined;
  #port = 0;
  /** Of endpoints that crashed. */
  #requestsBefore = 0;
  #timers: NodeJS.Timeout[] = [];

  constructor(options: FaultyEndpointOptions) {
    this.#options = options;
    this.#nodes = this.#newNodes();
  }

  get port(): number {
    return this.#port;
  }

  /** How many requests have reached it. */
  get requests(): number {
    return this.#requestsBefore + (this.#endpoint?.stats().requests ?? 0);
  }

  /** Listens, on the port of the last time if there was one. */
  async listen(): Promise<void> {
    const { credentials, seed, scenario } = this.#options;
    const route = derivedRandom(seed, NODES);
    const container: ContainerHandler = async () => {
      await this.#nodes[Math.floor(route() * NODES)]!.serve();
      return { headers: { "content-type": "text/csv" }, body: "0.5" };
    };
    const names = scenario.variants ?? ["AllTraffic"];
    const variants = names.map((name) => ({ name, weight: 1, container }));
    this.#endpoint = await startLocalEndpoint({ credentials, seed, port: this.#port, variants });
    this.#port = this.#endpoint.port;
  }

  /** Falls ill and gets well again at the times of the scenario, counted from now. */
  begin(onFailure: (error: unknown) => void): void {
    const { fault, beforeMs, faultMs } = this.#options.scenario;
    const at = (ms: number, change: () => Promise<void>) =>
      this.#timers.push(setTimeout(() => change().catch(onFailure), ms));
    if (beforeMs === 0) void this.#fallIll(fault).catch(onFailure);
    else at(beforeMs, () => this.#fallIll(fault));
    at(beforeMs + faultMs, () => this.#getWell(fault));
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#endpoint?.close();
  }

  async #fallIll(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case "capacity":
        return this.#setWorkers(Math.round(WORKERS_PER_NODE * fault.share));
      case "slowNode":
        this.#nodes[0]!.slowness = fault.factor;
        return;
      case "script":
        return this.#endpoint!.setFaults({ rules: fault.rules });
      case "crash":
        return this.#crash();
    }
  }

  async #getWell(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case "capacity":
        return this.#setWorkers(WORKERS_PER_NODE);
      case "slowNode":
        this.#nodes[0]!.slowness = 1;
        return;
      case "script":
        return this.#endpoint!.setFaults({ rules: [] });
      case "crash":
        return this.listen();
    }
  }

  #setWorkers(perNode: number): void {
    for (const node of this.#nodes) {
      node.workers = perNode;
      node.startWaiting();
    }
  }

  async #crash(): Promise<void> {
    const crashed = this.#endpoint!;
    this.#requestsBefore = this.requests;
    this.#endpoint = undefined;
    this.#nodes = this.#newNodes();
    await crashed.close();
  }

  #newNodes(): ModelNode[] {
    const { seed } = this.#options;
    return Array.from(
      { length: NODES },
      (_, index) => new ModelNode(WORKERS_PER_NODE, MEAN_SERVICE_MS, derivedRandom(seed, index)),
    );
  }
}
