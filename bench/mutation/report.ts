import { tableToMarkdown } from "../report/markdown.ts";
import { LEAST_SCORE } from "./options.ts";
import { type MutationSummary, mutantsOf, scoreOf, totalOf, type UnitScore } from "./summary.ts";

const HEADER = ["unit", "mutants", "killed", "timed out", "survived", "not covered", "score"];

/** The committed page: what `npm run mutation -- --save` found. */
export function renderMutationReport(summary: MutationSummary): string {
  const { revision, node, stryker, vitest, minutes, units } = summary;
  const total = totalOf(units);
  const rows = [...units.map((unit) => row(unit)), row({ ...total, file: "**all**" })];
  return `# Mutation testing of the resilience units

Score: **${percent(total)}** (goal: ${LEAST_SCORE} %): ${total.killed + total.timedOut} of ${mutantsOf(total)} mutants are found.

Made by \`npm run mutation -- --save\` at revision ${revision} in ${minutes} minutes: StrykerJS ${stryker}, Vitest ${vitest}, Node ${node}.
No kind of mutant, file or line of \`lib/resilience\` is excluded; a file without mutants (types only) has no row.

${tableToMarkdown({ header: HEADER, rows })}
`;
}

function row(unit: UnitScore): string[] {
  const { file, killed, timedOut, survived, notCovered } = unit;
  const counts = [mutantsOf(unit), killed, timedOut, survived, notCovered];
  return [file.replace("lib/resilience/", ""), ...counts.map(String), percent(unit)];
}

/** Rounded down: what is not reached is not shown as reached. */
function percent(unit: UnitScore): string {
  return `${(Math.floor(scoreOf(unit) * 10) / 10).toFixed(1)} %`;
}
