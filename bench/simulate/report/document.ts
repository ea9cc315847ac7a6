import type { Block } from "../../report/document.ts";
import { formatFigure } from "../../statistics.ts";
import type { ScenarioResult, SimulationResult } from "../result.ts";
import { scenarioPlots } from "./plots.ts";
import { goalsTable, scenarioTable } from "./tables.ts";

const BYTES_PER_GB = 2 ** 30;

/** The report of a simulation, from top to bottom. The same result gives the same blocks. */
export function buildDocument(result: SimulationResult): Block[] {
  return [
    { kind: "heading", level: 1, text: "What becomes of a fleet" },
    { kind: "paragraph", text: INTRODUCTION },
    { kind: "facts", facts: provenance(result) },
    { kind: "heading", level: 2, text: "Goals" },
    { kind: "table", table: goalsTable(result) },
    ...result.scenarios.flatMap(scenarioBlocks),
    { kind: "heading", level: 2, text: "Policies" },
    { kind: "facts", facts: policyFacts(result) },
  ];
}

const INTRODUCTION =
  "Made by `npm run simulate`; the model and its limits stand in `bench/simulate/README.md`. Figures are means over the " +
  "seeds, with the lowest and the highest in brackets. All policies of a scenario meet the same arrivals. Goodput is the " +
  "share of the requests that arrived in a phase and were answered; load is attempts per request as the endpoint sees them.";

function provenance({
  command,
  revision,
  startedAt,
  machine,
  packages,
  seeds,
}: SimulationResult): [string, string][] {
  const memory = formatFigure(machine.memoryBytes / BYTES_PER_GB);
  return [
    ["command", command],
    ["revision", `${revision}, ${startedAt}`],
    ["machine", `${machine.cpu}, ${machine.cores} cores, ${memory} GB; figures do not depend on it`],
    ["system", `${machine.system}, Node ${machine.node}, V8 ${machine.v8}`],
    [
      "packages",
      Object.entries(packages)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
    ["seeds", seeds.join(", ")],
  ];
}

function scenarioBlocks(scenario: ScenarioResult): Block[] {
  return [
    { kind: "heading", level: 2, text: scenario.name },
    { kind: "table", table: scenarioTable(scenario) },
    ...scenarioPlots(scenario).map((plot) => ({ kind: "plot", plot }) as const),
  ];
}

function policyFacts({ scenarios }: SimulationResult): [string, string][] {
  const descriptions = new Map<string, string>();
  for (const { rows } of scenarios) {
    for (const { policy, description } of rows) descriptions.set(policy, description);
  }
  return [...descriptions];
}
