import { evaluateGoals } from "./goals.ts";
import { formatGoalValue } from "./report/format.ts";
import type { SimulationResult } from "./result.ts";

/** The last line of a run, and whether its exit code is 0. */
export interface Verdict {
  readonly message: string;
  readonly isMet: boolean;
}

export function verdictOf(result: Pick<SimulationResult, "scenarios">, judged: string): Verdict {
  const outcomes = evaluateGoals(result, judged);
  const missed = outcomes.filter(({ isMet }) => !isMet);
  if (outcomes.length === 0)
    return { message: `No goal is about what was simulated of ${judged}.`, isMet: true };
  if (missed.length === 0) return { message: `All ${outcomes.length} goals are met.`, isMet: true };
  const list = missed.map(
    ({ goal, scenario, value }) => `${goal.title} (${scenario}): ${formatGoalValue(goal, value)}`,
  );
  return {
    message: `${missed.length} of ${outcomes.length} goals are missed: ${list.join("; ")}`,
    isMet: false,
  };
}
