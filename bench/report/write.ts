import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PartResult } from "../result.ts";
import { buildDocument } from "./document.ts";
import { toHtml } from "./html.ts";
import { toMarkdown } from "./markdown.ts";

/** Where the bench keeps its committed results. */
export const RESULTS = join(import.meta.dirname, "..", "results");

const PLOTS = "plots";

/** Every file of the report by its path from the report's directory. The same parts give the same bytes. */
export function renderReport(parts: readonly PartResult[]): Map<string, string> {
  const blocks = buildDocument(parts);
  const files = new Map([
    ["report.md", toMarkdown(blocks)],
    ["report.html", toHtml(blocks)],
  ]);
  for (const block of blocks) {
    if (block.kind === "plot") files.set(`${PLOTS}/${block.plot.file}`, block.plot.svg);
  }
  return files;
}

/** Writes the report, takes away plots of earlier ones that it does not have, and returns the paths of its files. */
export function writeReport(parts: readonly PartResult[], directory: string): string[] {
  const files = renderReport(parts);
  mkdirSync(join(directory, PLOTS), { recursive: true });
  for (const name of readdirSync(join(directory, PLOTS))) {
    if (name.endsWith(".svg") && !files.has(`${PLOTS}/${name}`)) rmSync(join(directory, PLOTS, name));
  }
  return [...files].map(([name, content]) => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  });
}
