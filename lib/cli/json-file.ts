import { readFileSync } from "node:fs";

/**
 * Reads a file of JSON.
 *
 * @throws {SyntaxError} for another text; {@link Error} of the system where it cannot be read
 */
export function readJson(path: string): unknown {
  // Editors of Windows put a mark in front of UTF-8, which is no part of JSON.
  return JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
}
