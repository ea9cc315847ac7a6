import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { InvalidArgumentError } from "commander";

/** A whole number in a range, both ends allowed. */
export function wholeNumber(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** A version of Node that `npx` can fetch. */
export function nodeVersion(value: string): string {
  if (/^\d+(\.\d+){0,2}$/.test(value)) return value;
  throw new InvalidArgumentError("It must be a version of Node, such as 22 or 22.23.3.");
}

/** Names separated by commas, each one of `known`, none twice. */
export function namesOf(kind: string, known: readonly string[]): (value: string) => string[] {
  return (value) => {
    const names = value.split(",").map((name) => name.trim());
    const unknown = names.find((name) => !known.includes(name));
    if (unknown === undefined) return [...new Set(names)];
    throw new InvalidArgumentError(
      `${JSON.stringify(unknown)} is no ${kind}; there are ${known.join(", ")}.`,
    );
  };
}

/** A place for the result is looked for now: minutes later is late to learn that there is none. */
export function outputFile(value: string): string {
  if (isDirectory(value)) throw new InvalidArgumentError("It must be a file, not a directory.");
  if (!isDirectory(dirname(value))) throw new InvalidArgumentError("Its directory must exist.");
  try {
    accessSync(existsSync(value) ? value : dirname(value), constants.W_OK);
  } catch {
    throw new InvalidArgumentError("It must be writable.");
  }
  return value;
}

export function inputFile(value: string): string {
  if (existsSync(value) && !isDirectory(value)) return value;
  throw new InvalidArgumentError("It must be an existing file.");
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
