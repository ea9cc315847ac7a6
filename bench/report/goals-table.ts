import { evaluateGoal, GOALS, type GoalOutcome } from "../goals.ts";
import { METRICS } from "../metrics.ts";
import type { PartResult } from "../result.ts";
import { formatBeside, formatFigure } from "../statistics.ts";
import { ABSENT, type Table } from "./tables.ts";

/** Each goal, what was measured of it, and by which command at which revision. */
export function goalsTable(parts: readonly PartResult[]): Table {
  return {
    header: ["goal", "at most", "measured", "", "measured by", "revision"],
    rows: GOALS.map((goal) => goalRow(evaluateGoal(goal, parts))),
  };
}

function goalRow({ goal, value, isMet, floor, part }: GoalOutcome): string[] {
  const unit = unitOf(goal);
  const judged =
    floor === undefined ? verdict(isMet) : `cannot be told: the ${goal.floor} alone ${formatFigure(floor)}`;
  const measured =
    value === undefined ? withoutValue(isMet) : [`${formatBeside(value, goal.bound)} ${unit}`, judged];
  const from = part === undefined ? [ABSENT, ABSENT] : [commandOf(part), part.revision];
  return [goal.title, `${formatBound(goal.bound)} ${unit}`, ...measured, ...from].map((cell) => cell.trim());
}

function withoutValue(isMet: boolean | undefined): string[] {
  return isMet === undefined ? ["not measured", ABSENT] : ["rate not held", verdict(isMet)];
}

function unitOf({ metric, per }: GoalOutcome["goal"]): string {
  if (per === undefined) return METRICS[metric].unit;
  return "client" in per ? `x ${per.client}` : `x ${METRICS[per.metric].title}`;
}

function verdict(isMet: boolean | undefined): string {
  return isMet === true ? "met" : "missed";
}

/** A bound is written as it was set: 1.2, not 1.20. */
function formatBound(bound: number): string {
  return bound.toLocaleString("en-US");
}

/** A short run is marked: its ranges are wide. */
function commandOf({ command, isQuick }: PartResult): string {
  return isQuick && !command.includes("--quick") ? `${command} (quick)` : command;
}
