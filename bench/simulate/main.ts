import { relative } from "node:path";
import { UsageError } from "../errors.ts";
import { describeMachine, packageVersion } from "../machine.ts";
import { describeRevision } from "../revision.ts";
import { formatTable } from "../table.ts";
import { commandOf, parseOptions, type SimulateOptions } from "./options.ts";
import { goalsTable, scenarioTable } from "./report/tables.ts";
import { RESULTS, writeReport } from "./report/write.ts";
import type { ScenarioResult, SimulationResult } from "./result.ts";
import { scenarioCatalogue } from "./scenarios/catalogue.ts";
import { simulateScenario } from "./simulate-scenario.ts";
import { verdictOf } from "./verdict.ts";

try {
  const options = parseOptions(process.argv.slice(2), scenarioCatalogue);
  if (options !== undefined) await main(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`simulate: ${error.message}`);
  process.exitCode = 2;
}

async function main(options: SimulateOptions): Promise<void> {
  const startedAt = new Date().toISOString();
  const scenarios: ScenarioResult[] = [];
  for (const scenario of options.scenarios) {
    const result = await simulateScenario(scenario, options);
    scenarios.push(result);
    print(scenario.name, formatTable(...columnsOf(scenarioTable(result))));
  }
  const result = describe(options, scenarios, startedAt);
  const goals = goalsTable(result, options.judged);
  print(`goals, of ${options.judged}`, formatTable(...columnsOf(goals)));
  for (const directory of [options.out, options.isSaved ? RESULTS : undefined]) {
    if (directory === undefined) continue;
    const files = writeReport(result, directory);
    console.log(`report: ${files.length} files in ${relative(process.cwd(), directory)}\n`);
  }
  const { message, isMet } = verdictOf(result, options.judged);
  console.log(message);
  process.exitCode = isMet ? 0 : 1;
}

function describe(
  options: SimulateOptions,
  scenarios: readonly ScenarioResult[],
  startedAt: string,
): SimulationResult {
  const policies = options.scenarios.flatMap((scenario) => scenario.policies);
  const names = new Set(policies.flatMap(({ packages }) => packages));
  return {
    command: commandOf(options),
    revision: describeRevision(),
    startedAt,
    machine: describeMachine(),
    packages: Object.fromEntries([...names].map((name) => [name, packageVersion(name)])),
    seeds: options.seeds,
    isQuick: options.isQuick,
    scenarios,
  };
}

function print(title: string, lines: readonly string[]): void {
  console.log(`${title}\n\n${lines.map((line) => `  ${line}`).join("\n")}\n`);
}

function columnsOf({ header, rows }: ReturnType<typeof scenarioTable>): Parameters<typeof formatTable> {
  return [header, rows];
}
