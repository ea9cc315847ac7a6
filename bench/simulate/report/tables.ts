import type { Table } from "../../report/tables.ts";
import { evaluateGoals, type GoalOutcome, OWN_POLICY } from "../goals.ts";
import type { Row, ScenarioResult, SimulationResult } from "../result.ts";
import { formatFactor, formatGoalValue, formatLatency, formatSeconds, formatShare } from "./format.ts";

/** Each goal, and what came of it. */
export function goalsTable(result: SimulationResult, judged = OWN_POLICY): Table {
  return {
    header: ["goal", "scenario", "bound", "simulated", ""],
    rows: evaluateGoals(result, judged).map(goalRow),
  };
}

function goalRow({ goal, scenario, value, isMet }: GoalOutcome): string[] {
  const { atLeast, atMost } = goal;
  const bound =
    atLeast === undefined
      ? `at most ${formatGoalValue(goal, atMost ?? null)}`
      : `at least ${formatGoalValue(goal, atLeast)}`;
  return [goal.title, scenario, bound, formatGoalValue(goal, value), isMet ? "met" : "missed"];
}

/** The policies of a scenario side by side. */
export function scenarioTable({ rows, phases }: ScenarioResult): Table {
  const columns = [
    ...phases.map(({ name }): Column => [`goodput ${name}`, `goodput ${name}`, formatShare]),
    ...(rows.some(({ figures }) => "recovery" in figures)
      ? [["recovered after", "recovery", formatSeconds] satisfies Column]
      : []),
    ["attempts per request, worst 5 s", "amplification", formatFactor] satisfies Column,
    ...phases.map(({ name }): Column => [`load ${name}`, `load ${name}`, formatFactor]),
    ...phases.map(({ name }): Column => [`p99 ${name}`, `p99 ${name}`, formatLatency]),
    ...coldStartColumns(rows),
  ];
  return {
    header: ["policy", ...columns.map(([title]) => title)],
    rows: rows.map(({ policy, figures }) => [
      policy,
      ...columns.map(([, figure, format]) => format(figures[figure])),
    ]),
  };
}

type Column = [title: string, figure: string, format: (values: Row["figures"][string] | undefined) => string];

function coldStartColumns(rows: readonly Row[]): Column[] {
  if (!rows.some(({ figures }) => "probes" in figures)) return [];
  return [
    ["probes at once", "probes", formatFactor],
    ["last answer after readiness", "lastAnswer", formatSeconds],
    ["largest burst after it", "burst", formatShare],
  ];
}
