import type { SimulateOptions } from "./options.ts";
import type { Row, ScenarioResult } from "./result.ts";
import type { RunResult } from "./run-result.ts";
import { runScenario } from "./run-scenario.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { summarise } from "./summarise.ts";

/** Runs a scenario under each of its policies with each seed. */
export async function simulateScenario(
  scenario: Scenario,
  { policies, seeds }: Pick<SimulateOptions, "policies" | "seeds">,
): Promise<ScenarioResult> {
  const rows: Row[] = [];
  for (const policy of scenario.policies) {
    if (policies?.includes(policy.name) === false) continue;
    const runs: RunResult[] = [];
    for (const seed of seeds) runs.push(await runScenario(scenario, policy, seed));
    rows.push(summarise(scenario, policy, runs));
  }
  return { name: scenario.name, group: scenario.group, phases: scenario.phases, rows };
}
