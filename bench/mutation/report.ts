import { tableToMarkdown } from "../report/markdown.ts";
import { LEAST_SCORE, UNITS } from "./options.ts";
import { type MutationSummary, mutantsOf, scoreOf, totalOf, type UnitScore } from "./summary.ts";

const HEADER = ["unit", "mutants", "killed", "timed out", "survived", "not covered", "score"];

/** The committed page: what `npm run mutation -- --save` keeps. */
export function renderMutationReport(summary: MutationSummary): string {
  const { mutated, revision, node, stryker, vitest, minutes, units } = summary;
  const total = totalOf(units);
  const rows = [...units.map((unit) => row(unit)), row({ ...total, file: "**all**" })];
  const gap = isWhole(summary)
    ? ""
    : "\n**Only the units below were mutated, not all of `lib/resilience`; their lines that changed since they were are not in.**\n";
  return `# Mutation testing of the resilience units

Score: **${percent(total)}** (goal: ${LEAST_SCORE} %): ${total.killed + total.timedOut} of ${mutantsOf(total)} mutants are found.
${gap}
Made by \`npm run mutation\` of \`${mutated}\` at revision ${revision}: StrykerJS ${stryker}, Vitest ${vitest}, Node ${node}.
The last of its runs took ${minutes} minutes; of units that are the same since, the results of earlier runs were taken over.
No kind of mutant and no line is excluded on purpose; a file without mutants (types only) has no row.

${tableToMarkdown({ header: HEADER, rows })}
`;
}

function isWhole({ mutated }: MutationSummary): boolean {
  return mutated === UNITS;
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
