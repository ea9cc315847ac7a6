import { descriptionsOf, loadPeer, packagesOf } from "../client-catalogue.ts";
import { type FaultsRun, runScenario } from "../faults/run.ts";
import { lengthMs, SCENARIOS, type Scenario, titleOf } from "../faults/scenario.ts";
import { summarize } from "../faults/summary.ts";
import type { Measured, Part, PartRun } from "../part.ts";
import { countProcesses } from "../progress-counter.ts";
import { runRounds } from "../rounds.ts";

/** Scenarios of a quick run: the one that overloads, and the one that only loses. */
const QUICK_NAMES = ["capacity cut to 25 %", "a tenth of requests reset"];

/** Starting two processes and warming up, in milliseconds. */
const START_MS = 3_000;
/** A process that starts its calls later than this measures itself, in milliseconds. */
const MAX_LAG_MS = 200;

export const faults: Part = {
  name: "faults",
  title: "goodput while an endpoint is ill and after, with the defaults of both clients",
  clients: ["aws-sdk", "holdfast"],
  quickClients: [],
  usualRounds: { full: 3, quick: 1 },
  estimateSeconds({ clients, rounds, isQuick }) {
    const sum = scenariosOf(isQuick).reduce((ms, scenario) => ms + START_MS + lengthMs(scenario), 0);
    return (rounds * clients.length * sum) / 1_000;
  },
  measure: (run) => measure(run, scenariosOf(run.isQuick)),
};

/** One client and one scenario at a time, each in fresh processes; a round has the same seed for every client. */
export async function measure(run: PartRun, scenarios: readonly Scenario[]): Promise<Measured> {
  const peers = await Promise.all(run.clients.map((name) => loadPeer(name, `fault-clients/${name}.ts`)));
  const onProcess = countProcesses(run, run.rounds * peers.length * scenarios.length);
  const figures: Measured["figures"][number][] = [];
  const curves: Measured["curves"][number][] = [];
  const doubts: string[] = [];
  for (const scenario of scenarios) {
    const samples = await runRounds(peers, run.rounds, (peer, round) => {
      onProcess(`${peer.name}: ${scenario.name}`);
      return runScenario(run.build, peer, scenario, round);
    });
    const doubt = lagDoubt(scenario, samples);
    if (doubt !== undefined) {
      doubts.push(doubt);
      continue;
    }
    for (const [client, rounds] of samples) {
      const summary = summarize(client, scenario, rounds);
      figures.push(...summary.figures);
      curves.push(summary.curve);
    }
  }
  const legend = scenarios.map((scenario) => [scenario.name, legendOf(scenario)] as const);
  const clients = { ...descriptionsOf(peers), ...Object.fromEntries(legend) };
  return { figures, curves, clients, packages: packagesOf(peers), doubts };
}

function lagDoubt(
  scenario: Scenario,
  samples: ReadonlyMap<string, readonly FaultsRun[]>,
): string | undefined {
  for (const [client, rounds] of samples) {
    const lagMs = Math.max(...rounds.map((round) => round.lagMs));
    if (lagMs > MAX_LAG_MS) {
      return (
        `${titleOf(scenario)}: the process of ${client} started a call ${Math.round(lagMs)} ms late, ` +
        `more than the ${MAX_LAG_MS} ms that are allowed; its figures are left out, run it again on a quiet machine`
      );
    }
  }
  return undefined;
}

function legendOf({ description, ratePerSecond, patienceMs }: Scenario): string {
  return `${description}; ${ratePerSecond} calls/s are due, and nobody waits longer than ${patienceMs / 1_000} s`;
}

function scenariosOf(isQuick: boolean): readonly Scenario[] {
  return isQuick ? SCENARIOS.filter(({ name }) => QUICK_NAMES.includes(name)) : SCENARIOS;
}
