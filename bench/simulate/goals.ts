import type { Row, ScenarioResult, SimulationResult } from "./result.ts";

/** The policy that the goals are about, unless another one is to be judged by them. */
export const OWN_POLICY = "holdfast";
const HEDGING = "holdfast, hedging";

/** What is to be reached, as data. Values are means over the seeds. */
export interface Goal {
  readonly title: string;
  /** The scenarios that it is about: each must meet it. */
  readonly scenario: RegExp;
  /** Whose figure it is. @default the judged policy's */
  readonly policy?: string;
  /** A key of {@link Row.figures}. */
  readonly figure: string;
  /** Makes it a ratio to the same figure of this policy in the same scenario. */
  readonly per?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** How it is shown. */
  readonly unit: "%" | "s" | "x" | "";
}

export interface GoalOutcome {
  readonly goal: Goal;
  readonly scenario: string;
  /** `null`: it did not happen, such as a recovery. */
  readonly value: number | null;
  readonly isMet: boolean;
}

export const GOALS: readonly Goal[] = [
  {
    title: "goodput in the 120 s after the cut",
    scenario: /^capacity cut, .* 70 % load$/,
    figure: "goodput after",
    atLeast: 0.99,
    unit: "%",
  },
  {
    title: "goodput in the 120 s after the cut",
    scenario: /^capacity cut, .* 85 % load$/,
    figure: "goodput after",
    atLeast: 0.985,
    unit: "%",
  },
  { title: "recovered within", scenario: /^capacity cut/, figure: "recovery", atMost: 10, unit: "s" },
  {
    title: "attempts per request in any 5 s",
    scenario: /^capacity cut/,
    figure: "amplification",
    atMost: 1.2,
    unit: "x",
  },
  {
    title: "p99 of hedging to that without",
    scenario: /^stragglers/,
    policy: HEDGING,
    figure: "p99 healthy",
    per: OWN_POLICY,
    atMost: 0.65,
    unit: "x",
  },
  {
    title: "load of hedging to that without",
    scenario: /^stragglers/,
    policy: HEDGING,
    figure: "load healthy",
    per: OWN_POLICY,
    atMost: 1.08,
    unit: "x",
  },
  {
    title: "goodput of hedging after three times slower",
    scenario: /^hedging storm/,
    policy: HEDGING,
    figure: "goodput after",
    atLeast: 0.97,
    unit: "%",
  },
  { title: "probes at once", scenario: /^cold/, figure: "probes", atMost: 1, unit: "" },
  { title: "last answer after readiness", scenario: /^cold/, figure: "lastAnswer", atMost: 2, unit: "s" },
  { title: "goodput", scenario: /^cold/, figure: "goodput all", atLeast: 1, unit: "%" },
  {
    title: "largest burst in 100 ms after readiness",
    scenario: /^cold/,
    figure: "burst",
    atMost: 0.25,
    unit: "%",
  },
];

/** Each goal at each scenario of the result that it is about. */
export function evaluateGoals(
  { scenarios }: Pick<SimulationResult, "scenarios">,
  judged: string,
): GoalOutcome[] {
  return GOALS.flatMap((goal) =>
    scenarios
      .filter(({ name }) => goal.scenario.test(name))
      .flatMap((scenario) => evaluateGoal(goal, scenario, judged)),
  );
}

function evaluateGoal(goal: Goal, { name, rows }: ScenarioResult, judged: string): GoalOutcome[] {
  const row = rows.find(({ policy }) => policy === (goal.policy ?? judged));
  if (row === undefined) return [];
  const value = simulatedValue(goal, row, rows);
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = goal;
  return [{ goal, scenario: name, value, isMet: value !== null && value >= atLeast && value <= atMost }];
}

function simulatedValue({ figure, per }: Goal, row: Row, rows: readonly Row[]): number | null {
  const own = mean(row.figures[figure]);
  if (per === undefined) return own;
  const other = mean(rows.find(({ policy }) => policy === per)?.figures[figure]);
  return own === null || other === null ? null : own / other;
}

/** `null` where any of the values is: a fleet that did not recover once did not recover. */
export function mean(values: readonly (number | null)[] | undefined): number | null {
  if (values === undefined || values.length === 0) return null;
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum / values.length;
}
