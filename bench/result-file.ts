import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./errors.ts";
import { FORMAT, type PartResult } from "./result.ts";

/** Where `--save` puts one file per part, from which the report is made. */
const RAW_RESULTS = join(import.meta.dirname, "results", "raw");

export function writeResults(file: string, parts: readonly PartResult[]): void {
  writeFileSync(file, toJson(parts));
}

/** Keeps the result of one part as the latest of its kind. */
export function saveRawResult(part: PartResult): void {
  mkdirSync(RAW_RESULTS, { recursive: true });
  writeFileSync(join(RAW_RESULTS, `${part.part}.json`), toJson(part));
}

/**
 * Reads what `--json` wrote, or one file that `--save` did.
 *
 * @throws {UsageError} for a file that holds no results of this format
 */
export function readResults(file: string): PartResult[] {
  const parts = [parseFile(file)].flat();
  if (parts.length > 0 && parts.every(isPartResult)) return parts;
  throw new UsageError(`${notAResult(file)}: not a result of format ${FORMAT}`);
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new UsageError(`${notAResult(file)}: not JSON`);
  }
}

function notAResult(file: string): string {
  return `--compare must name a result that --json or --save wrote, got ${JSON.stringify(file)}`;
}

/** Checks what a comparison relies on. */
function isPartResult(content: unknown): content is PartResult {
  if (typeof content !== "object" || content === null) return false;
  const { format, part, machine, figures } = content as Partial<PartResult>;
  return (
    format === FORMAT &&
    typeof part === "string" &&
    typeof machine === "object" &&
    Array.isArray(figures) &&
    figures.every(({ values }) => Array.isArray(values) && values.length > 0)
  );
}

/** Points of curves and values of rounds stay on one line each, so that a committed result can be read. */
function toJson(content: object): string {
  const text = JSON.stringify(content, null, 2);
  return `${text.replaceAll(/\[[\d\s.,e+-]*\]/g, (numbers) => numbers.replaceAll(/\s+/g, " "))}\n`;
}
