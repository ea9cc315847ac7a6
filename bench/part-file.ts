import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./errors.ts";
import { majorOf, REFERENCE_NODE } from "./node-version.ts";
import type { PartResult } from "./result.ts";
import { faultOf } from "./result-schema.ts";

/** Where `--save` puts a file per part, and the report is made from. */
export const RAW_RESULTS = join(import.meta.dirname, "results", "raw");

/** `tls.json`; of another Node than the goals' own `tls-node24.json`. */
export function fileNameOf({ part, machine }: PartResult): string {
  const node = majorOf(machine.node);
  return node === REFERENCE_NODE ? `${part}.json` : `${part}-node${node}.json`;
}

/** Writes a result under its {@link fileNameOf}, and returns its path. */
export function writePart(directory: string, result: PartResult): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, fileNameOf(result));
  writeFileSync(file, toJson(result));
  return file;
}

/**
 * Reads what {@link writePart} wrote.
 *
 * @throws {UsageError} for a file that holds no result of this format; the message names the file and the member
 */
export function readPart(file: string): PartResult {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw unusable(file, error instanceof SyntaxError ? "not JSON" : "it cannot be read");
  }
  const fault = faultOf(content);
  if (fault !== undefined) throw unusable(file, fault);
  return content as PartResult;
}

/**
 * Reads all results of a directory, in the order of their parts; none where it does not exist.
 *
 * @throws {UsageError} for the first file that is none, or that is not named after its part
 */
export function readParts(directory: string): PartResult[] {
  return jsonFiles(directory).map((name) => {
    const file = join(directory, name);
    const result = readPart(file);
    if (name !== fileNameOf(result))
      throw unusable(file, `it holds the part ${result.part}, which belongs into ${fileNameOf(result)}`);
    return result;
  });
}

function jsonFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new UsageError(`${JSON.stringify(directory)} must be a directory of results: it cannot be read`);
  }
}

function unusable(file: string, reason: string): UsageError {
  return new UsageError(
    `expected a result that \`npm run bench -- --save\` wrote, got ${JSON.stringify(file)}: ${reason}`,
  );
}

/** Points of curves and values of rounds stay on one line each, so that a committed result can be read. */
export function toJson(content: object): string {
  const text = JSON.stringify(content, null, 2);
  return `${text.replaceAll(/\[[\d\s.,e+-]*\]/g, (numbers) => numbers.replaceAll(/\s+/g, " "))}\n`;
}
