import { RandomStreams } from "./engine/random-streams.ts";
import { withVirtualGlobals } from "./engine/virtual-globals.ts";
import { VirtualTime } from "./engine/virtual-time.ts";
import { percentile } from "./figures.ts";
import { Endpoint } from "./fleet/endpoint.ts";
import { Ledger } from "./fleet/ledger.ts";
import type { SimulatedRequest } from "./fleet/request.ts";
import type { Policy, SimulatedClient } from "./policies/policy.ts";
import type { ColdStart, RunResult } from "./run-result.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** The longest that a request may still be under way after the last one came, in milliseconds. */
const PATIENCE_MS = 400_000;
const SLICE_MS = 100;
const SLICES_AFTER_READY = 40;
const SECONDS_AFTER_READY = 10;

/** Runs one policy through one scenario. The same seed gives the same result, to the last digit. */
export async function runScenario(scenario: Scenario, policy: Policy, seed: number): Promise<RunResult> {
  const time = new VirtualTime();
  const streams = new RandomStreams(seed);
  return withVirtualGlobals(time, streams.globals(), () =>
    simulate({ scenario, policy, seed, time, streams }),
  );
}

interface Simulation {
  readonly scenario: Scenario;
  readonly policy: Policy;
  readonly seed: number;
  readonly time: VirtualTime;
  readonly streams: RandomStreams;
}

async function simulate({ scenario, policy, seed, time, streams }: Simulation): Promise<RunResult> {
  const { traffic, phases } = scenario;
  const endpoint = new Endpoint(scenario.endpoint, time, streams);
  const ledger = new Ledger();
  const clients = openClients({ scenario, policy, time, streams, endpoint, ledger });
  scenario.plan(time, endpoint);
  planArrivals(scenario, streams.arrivals(), (request) => {
    time.at(request.arrivedAt, () => {
      ledger.arrived(request.id, time.now());
      clients[request.process]!.call(request).then(
        () => ledger.ended(request.id, time.now(), true),
        () => ledger.ended(request.id, time.now(), false),
      );
    });
  });
  await time.run(traffic.forS * 1_000 + PATIENCE_MS);
  if (ledger.open > 0)
    throw new Error(`${policy.name}: ${ledger.open} requests of "${scenario.name}" never ended`);
  const seconds = Math.max(
    traffic.forS,
    Math.ceil((endpoint.models?.allReadyAt ?? 0) / 1_000) + SECONDS_AFTER_READY,
  );
  const { requests, good, attempts } = ledger.bySecond(seconds);
  const coldStart = coldStartOf(endpoint, ledger);
  return {
    scenario: scenario.name,
    policy: policy.name,
    seed,
    requests,
    good,
    attempts,
    sent: ledger.sentBySecond(seconds),
    phases: phases.map(({ name, fromS, toS }) => {
      const latencies = ledger.latencies(fromS * 1_000, toS * 1_000);
      return { name, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) };
    }),
    ...(coldStart !== undefined && { coldStart }),
  };
}

function openClients({
  scenario,
  policy,
  time,
  streams,
  endpoint,
  ledger,
}: Omit<Simulation, "seed"> & { endpoint: Endpoint; ledger: Ledger }): SimulatedClient[] {
  return Array.from({ length: scenario.processes }, (_, process) =>
    policy.open({
      clock: time,
      random: streams.process(process),
      attemptTimeoutMs: scenario.attemptTimeoutMs,
      network: {
        send(request, variant, onAnswer) {
          ledger.sent(request.id, time.now());
          endpoint.receive(process, request, variant, onAnswer);
        },
      },
    }),
  );
}

/** Requests arrive at random: each at a process of its own choice, and independently of the others. */
function planArrivals(
  { traffic, processes }: Scenario,
  random: () => number,
  plan: (request: SimulatedRequest) => void,
): void {
  const { perSecond, forS, models } = traffic;
  let arrivedAt = 0;
  for (let id = 0; ; id++) {
    arrivedAt += (-Math.log(1 - random()) * 1_000) / perSecond;
    if (arrivedAt >= forS * 1_000) return;
    const process = Math.floor(random() * processes);
    plan({ id, process, arrivedAt, model: models?.[id % models.length] });
  }
}

function coldStartOf({ models }: Endpoint, ledger: Ledger): ColdStart | undefined {
  if (models === undefined) return undefined;
  const readyAt = models.allReadyAt;
  const sentAfterReady = ledger.sentInSlices(readyAt, SLICE_MS, SLICES_AFTER_READY);
  return {
    peakProbes: models.peakProbes,
    lastAnswerAfterMs: ledger.lastAnswerAt() - readyAt,
    sentAfterReady,
  };
}
