import type { ImportInput, ImportSample } from "../child/import.ts";
import { measuredFigure } from "../figures.ts";
import { placeholderTarget } from "../lab.ts";
import type { Measured, Part, PartRun } from "../part.ts";
import { countProcesses } from "../progress-counter.ts";
import type { Figure } from "../result.ts";
import { runRounds } from "../rounds.ts";
import { runTask } from "../run-task.ts";
import { median } from "../statistics.ts";

const WORK = "cold import and first client";

/** The name that Node's own start has in figures; no client. */
const BARE_NODE = "node";

/** A drop-in is imported and constructed by the same lines: only the name differs. */
const SPECIFIERS: Readonly<Record<string, string>> = {
  holdfast: "holdfast",
  "aws-sdk": "@aws-sdk/client-sagemaker-runtime",
};

export interface ImportPlan {
  /** A round's value is the median of as many processes: a start is short, and one is easily disturbed. */
  readonly processesPerRound: number;
}

const FULL_PLAN: ImportPlan = { processesPerRound: 5 };
const QUICK_PLAN: ImportPlan = { processesPerRound: 2 };

export const importing: Part = {
  name: "import",
  title: "time and CPU until a fresh process has its first client",
  clients: Object.keys(SPECIFIERS),
  quickClients: Object.keys(SPECIFIERS),
  estimateSeconds({ clients, rounds, isQuick }) {
    return 0.6 * clients.length * rounds * (isQuick ? QUICK_PLAN : FULL_PLAN).processesPerRound;
  },
  measure: (run) => measure(run, run.isQuick ? QUICK_PLAN : FULL_PLAN),
};

export async function measure(run: PartRun, { processesPerRound }: ImportPlan): Promise<Measured> {
  const onProcess = countProcesses(run, run.rounds * run.clients.length * processesPerRound);
  const clients = run.clients.map((name) => ({ name }));
  const rounds = await runRounds(clients, run.rounds, async ({ name }) => {
    const samples: ImportSample[] = [];
    for (let process = 0; process < processesPerRound; process++) {
      onProcess(name);
      const input: ImportInput = { specifier: SPECIFIERS[name]!, target: placeholderTarget() };
      samples.push(
        await runTask<ImportSample>(run.build, { name, program: "import", input, plannedMs: 500 }),
      );
    }
    return samples;
  });
  return {
    figures: [...nodeFigures([...rounds.values()].flat()), ...[...rounds].flatMap(clientFigures)],
    curves: [],
    clients: Object.fromEntries([
      [BARE_NODE, "Node's own start, up to the first line of a file: not in the figures of the others"],
      ...run.clients.map((name) => [
        name,
        `import { SageMakerRuntimeClient } from "${SPECIFIERS[name]}" and one client with static credentials`,
      ]),
    ]),
    packages: run.clients.map((name) => SPECIFIERS[name]!),
    doubts: [],
  };
}

function nodeFigures(rounds: readonly ImportSample[][]): Figure[] {
  return figuresOf(
    BARE_NODE,
    rounds,
    ({ nodeMs }) => nodeMs,
    ({ nodeCpuMs }) => nodeCpuMs,
  );
}

function clientFigures([name, rounds]: readonly [string, readonly ImportSample[][]]): Figure[] {
  return figuresOf(
    name,
    rounds,
    ({ importMs }) => importMs,
    ({ importCpuMs }) => importCpuMs,
  );
}

function figuresOf(
  client: string,
  rounds: readonly ImportSample[][],
  timeOf: (sample: ImportSample) => number,
  cpuOf: (sample: ImportSample) => number,
): Figure[] {
  const mediansOf = (read: (sample: ImportSample) => number) =>
    rounds.map((samples) => median(samples.map(read)));
  return [
    ...measuredFigure(client, WORK, "importTime", mediansOf(timeOf)),
    ...measuredFigure(client, WORK, "importCPU", mediansOf(cpuOf)),
  ];
}
