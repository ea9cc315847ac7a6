import { worksOf } from "../metrics.ts";
import type { PartResult } from "../result.ts";
import { goalsTable } from "./goals-table.ts";
import { nodeVersionsTable, referenceParts } from "./node-versions.ts";
import { plotsOf } from "./plots/plots.ts";
import type { Plot } from "./plots/svg.ts";
import { provenanceOf } from "./provenance.ts";
import { type Table, workTables } from "./tables.ts";
import { titleOf } from "./titles.ts";

/** The report as a list of what stands in it, from top to bottom. Markdown and HTML render it in their own ways. */
export type Block =
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  /** Terms and what they say. */
  | { readonly kind: "facts"; readonly facts: readonly (readonly [term: string, text: string])[] }
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "plot"; readonly plot: Plot };

/** What the report says where there is nothing to report. */
export const NO_RESULTS = "There are no results yet. `npm run bench -- --save` measures them.";

/** Results of other versions of Node stand in a table of their own, beside those that the goals are judged by. */
export function buildDocument(all: readonly PartResult[]): Block[] {
  const parts = referenceParts(all);
  return [
    { kind: "heading", level: 1, text: "What a call costs its client" },
    { kind: "paragraph", text: all.length === 0 ? NO_RESULTS : introduction() },
    { kind: "heading", level: 2, text: "Goals" },
    { kind: "table", table: goalsTable(parts) },
    ...nodeVersionBlocks(all),
    ...parts.flatMap(partBlocks),
  ];
}

function nodeVersionBlocks(all: readonly PartResult[]): Block[] {
  const table = nodeVersionsTable(all);
  if (table === undefined) return [];
  const others = all.filter((part) => !referenceParts(all).includes(part));
  return [
    { kind: "heading", level: 2, text: "Versions of Node" },
    { kind: "table", table },
    {
      kind: "facts",
      facts: others.map(({ command, revision, machine }) => [
        `Node ${machine.node}`,
        `${command}, ${revision}`,
      ]),
    },
  ];
}

function introduction(): string {
  return (
    "Made from the raw results in `raw/` by `npm run bench:report`. How each figure is measured stands in `bench/README.md`. " +
    "Figures are medians over rounds, with minimum and maximum in brackets. Microseconds belong to one machine on one day: " +
    "look at the ratios, `x undici` and `x aws-sdk`, which are ratios of medians within one run."
  );
}

function partBlocks(part: PartResult): Block[] {
  const tables = workTables(part);
  const plots = plotsOf(part);
  // Curves may be of work that has no figures.
  const works = new Set([...worksOf(part), ...plots.map(({ work }) => work)]);
  return [
    { kind: "heading", level: 2, text: titleOf(part.part) },
    { kind: "facts", facts: provenanceOf(part) },
    ...[...works].flatMap((work): Block[] => [
      { kind: "heading", level: 3, text: work },
      ...(tables.has(work) ? [{ kind: "table", table: tables.get(work)! } as const] : []),
      ...plots.filter((plot) => plot.work === work).map((plot) => ({ kind: "plot", plot }) as const),
    ]),
    { kind: "facts", facts: Object.entries(part.clients) },
  ];
}
