import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJson } from "../../part-file.ts";
import { toHtml } from "../../report/html.ts";
import { toMarkdown } from "../../report/markdown.ts";
import type { SimulationResult } from "../result.ts";
import { buildDocument } from "./document.ts";

/** Where the simulator keeps its committed results. */
export const RESULTS = join(import.meta.dirname, "..", "results");
export const RAW_FILE = "simulation.json";

/** Every file of the report by its path from the report's directory. The same result gives the same bytes. */
export function renderReport(result: SimulationResult): Map<string, string> {
  const blocks = buildDocument(result);
  const files = new Map([
    ["report.md", toMarkdown(blocks)],
    ["report.html", toHtml(blocks)],
  ]);
  for (const block of blocks) {
    if (block.kind === "plot") files.set(`plots/${block.plot.file}`, block.plot.svg);
  }
  return files;
}

/** Writes the result and the report of it, and returns the paths of the files. */
export function writeReport(result: SimulationResult, directory: string): string[] {
  const files = renderReport(result).set(RAW_FILE, toJson(result));
  mkdirSync(join(directory, "plots"), { recursive: true });
  return [...files].map(([name, content]) => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  });
}
