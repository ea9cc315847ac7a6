import { evaluateGoal, GOALS } from "../goals.ts";
import { majorOf, REFERENCE_NODE } from "../node-version.ts";
import type { PartResult } from "../result.ts";
import { formatBeside, formatFigure } from "../statistics.ts";
import { ABSENT, type Table } from "./tables.ts";

/** The results that the goals are judged by. */
export function referenceParts(parts: readonly PartResult[]): PartResult[] {
  return parts.filter(({ machine }) => majorOf(machine.node) === REFERENCE_NODE);
}

/** Each goal under each version of Node side by side; none where one version was measured. */
export function nodeVersionsTable(parts: readonly PartResult[]): Table | undefined {
  const majors = [...new Set(parts.map(({ machine }) => majorOf(machine.node)))].sort((a, b) => a - b);
  if (majors.length < 2) return undefined;
  const rows = GOALS.map((goal) => {
    const cells = majors.map((major) => {
      const own = parts.filter(({ machine }) => majorOf(machine.node) === major);
      const { value, floor } = evaluateGoal(goal, own);
      if (value === undefined) return ABSENT;
      const beside = floor === undefined ? "" : ` (${goal.floor} ${formatFigure(floor)})`;
      return formatBeside(value, goal.bound) + beside;
    });
    const { per } = goal;
    const unit = per !== undefined && "client" in per ? `, x ${per.client}` : "";
    return [goal.title + unit, goal.bound.toLocaleString("en-US"), ...cells];
  });
  const measured = rows.filter((row) => row.slice(3).some((cell) => cell !== ABSENT));
  return { header: ["goal", "at most", ...majors.map((major) => `Node ${major}`)], rows: measured };
}
