import { readFileSync, writeFileSync } from "node:fs";
import { UsageError } from "./errors.ts";
import { toJson } from "./part-file.ts";
import type { PartResult } from "./result.ts";
import { faultOf } from "./result-schema.ts";

/** Writes the results of a run for `--json`, all parts into one file. */
export function writeResults(file: string, parts: readonly PartResult[]): void {
  writeFileSync(file, toJson(parts));
}

/**
 * Reads what `--json` wrote, or one file that `--save` did.
 *
 * @throws {UsageError} for a file that holds no results of this format
 */
export function readResults(file: string): PartResult[] {
  const parts = [parseFile(file)].flat();
  if (parts.length === 0) throw notAResult(file, "no part");
  for (const part of parts) {
    const fault = faultOf(part);
    if (fault !== undefined) throw notAResult(file, fault);
  }
  return parts as PartResult[];
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw notAResult(file, "not JSON");
  }
}

function notAResult(file: string, reason: string): UsageError {
  const name = JSON.stringify(file);
  return new UsageError(`--compare must name a result that --json or --save wrote, got ${name}: ${reason}`);
}
