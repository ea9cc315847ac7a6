import type { LayersInput, LayersPlan, LayersSample } from "../child/layers.ts";
import { measuredFigure } from "../figures.ts";
import { placeholderTarget } from "../lab.ts";
import type { Measured, Part, PartRun } from "../part.ts";
import { countProcesses } from "../progress-counter.ts";
import type { Figure } from "../result.ts";
import { runRounds } from "../rounds.ts";
import { runTask } from "../run-task.ts";
import { SMALL_WORK } from "../work.ts";

/** Layers of the client that are measured together, under a name of the report. */
export interface LayerGroup {
  readonly name: string;
  readonly description: string;
  readonly layers: readonly string[];
}

/** By the names that the layers have in the client's stack. One that the stack does not have is left out. */
const SINGLE_LAYERS = [
  "deadline",
  "retry",
  "circuitBreaker",
  "concurrencyLimit",
  "sign",
  "socketTimeout",
  "errorMapper",
];

const GROUPS: readonly LayerGroup[] = [
  {
    name: "metrics",
    description: "the metrics layers, of the call and of the attempt",
    layers: ["metrics", "attemptMetrics"],
  },
  ...SINGLE_LAYERS.map((name) => ({ name, description: `the ${name} layer alone`, layers: [name] })),
  {
    name: "resilience layers together",
    description: "deadline, retry, circuit breaker and, where there is one, the concurrency limit",
    layers: ["deadline", "retry", "circuitBreaker", "concurrencyLimit"],
  },
];

const WORK = `${SMALL_WORK.title}, null transport`;

/** Measured: the compiler is done with a stack after about 40,000 calls, and what a layer adds is a few of its steps. */
const FULL_PLAN: LayersPlan = { warmUpCalls: 40_000, windowMs: 60, pairs: 25, allocationCalls: 5_000 };
const QUICK_PLAN: LayersPlan = { warmUpCalls: 5_000, windowMs: 100, pairs: 7, allocationCalls: 1_000 };

export const layers: Part = {
  name: "layers",
  title: "what each layer of holdfast adds to a call",
  clients: ["holdfast"],
  quickClients: [],
  estimateSeconds({ rounds, isQuick }) {
    const { pairs, windowMs } = isQuick ? QUICK_PLAN : FULL_PLAN;
    return rounds * GROUPS.length * (3 + (2 * pairs * windowMs) / 1_000);
  },
  measure: (run) => measure(run, run.isQuick ? QUICK_PLAN : FULL_PLAN),
};

/** Every group in a fresh process per round, where the stack with it and the one without take turns. */
export async function measure(run: PartRun, plan: LayersPlan, groups = GROUPS): Promise<Measured> {
  const onProcess = countProcesses(run, run.rounds * groups.length);
  const samples = await runRounds(groups, run.rounds, ({ name, layers }) => {
    onProcess(name);
    const input: LayersInput = { target: placeholderTarget(), work: SMALL_WORK, layers, plan };
    const plannedMs = 2 * plan.pairs * plan.windowMs;
    return runTask<LayersSample | undefined>(run.build, { name, program: "layers", input, plannedMs });
  });
  const measured = groups
    .map((group) => ({ ...group, samples: present(samples.get(group.name)!) }))
    .filter((group) => group.samples.length > 0);
  const whole = measured.flatMap((group) => group.samples);
  const valuesOf = (read: (sample: LayersSample) => number) => whole.map(read);
  return {
    figures: [
      ...measured.flatMap((group) => groupFigures(group.name, group.samples)),
      ...measuredFigure(
        "holdfast",
        WORK,
        "CPU",
        valuesOf(({ cpuUs }) => cpuUs),
      ),
      ...measuredFigure(
        "holdfast",
        WORK,
        "heap",
        valuesOf(({ heapBytes }) => heapBytes),
      ),
    ],
    curves: [],
    clients: Object.fromEntries([
      ...measured.map(({ name, description }) => [name, description]),
      ["holdfast", "all layers, over a transport that answers without a network"],
    ]),
    packages: ["holdfast", "prom-client"],
    doubts: [],
  };
}

function groupFigures(name: string, samples: readonly LayersSample[]): Figure[] {
  const valuesOf = (read: (sample: LayersSample) => number) => samples.map(read);
  return [
    ...measuredFigure(
      name,
      WORK,
      "layerCPU",
      valuesOf(({ addedCpuUs }) => addedCpuUs),
    ),
    ...measuredFigure(
      name,
      WORK,
      "layerHeap",
      valuesOf(({ addedHeapBytes }) => addedHeapBytes),
    ),
  ];
}

function present(samples: readonly (LayersSample | undefined)[]): LayersSample[] {
  return samples.filter((sample) => sample !== undefined);
}
