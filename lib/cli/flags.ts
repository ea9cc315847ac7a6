import { InvalidArgumentError } from "commander";
import { parseFaultScript } from "../local/faults/parse.ts";
import type { FaultScript } from "../local/faults/script.ts";
import type { VariantSpec } from "../local/types.ts";
import { checkContainerUrl, checkName, MAX_WEIGHT } from "../local/variant-options.ts";
import { readJson } from "./json-file.ts";

/** A parser of whole numbers, for commander. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** A parser of numbers that need not be whole, for commander; `unit` is what they count. */
export function decimal(min: number, max: number, unit: string): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a number of ${unit} from ${min} to ${max}.`);
  };
}

/** A text that is not empty. */
export function text(value: string): string {
  if (value !== "") return value;
  throw new InvalidArgumentError("It must not be empty.");
}

export function region(value: string): string {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)) return value;
  throw new InvalidArgumentError("It must be a region's name, such as us-east-1.");
}

export function containerUrl(value: string): string {
  try {
    return checkContainerUrl("--container", value);
  } catch {
    throw new InvalidArgumentError("It must be an http or https URL without query and credentials.");
  }
}

/** Reads `name=weight` or `name=weight:URL`, and adds it to those before it. */
export function variant(value: string, before: readonly VariantSpec[] = []): VariantSpec[] {
  const [, name = "", weight = "", url] = /^([^=]*)=([^:]*)(?::(.+))?$/.exec(value) ?? [];
  try {
    checkName("name", name);
  } catch {
    throw new InvalidArgumentError(
      "It must be name=weight or name=weight:URL, the name of letters, digits, hyphens.",
    );
  }
  if (!/^\d+(\.\d+)?$/.test(weight) || Number(weight) > MAX_WEIGHT) {
    throw new InvalidArgumentError(
      `It must be name=weight or name=weight:URL, the weight a number from 0 to ${MAX_WEIGHT}.`,
    );
  }
  if (before.some((other) => other.name === name)) {
    throw new InvalidArgumentError("It must have a name that no other --variant has.");
  }
  const spec = { name, weight: Number(weight) };
  return [...before, url === undefined ? spec : { ...spec, container: containerUrl(url) }];
}

/** A fault script, and the file that it is from. */
export interface FaultFile {
  readonly path: string;
  readonly script: FaultScript;
}

/** Reads and checks a fault script. */
export function faultFile(path: string): FaultFile {
  try {
    return { path, script: parseFaultScript(readJson(path)) };
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? `It must be JSON: ${error.message}` : (error as Error).message;
    throw new InvalidArgumentError(reason.replaceAll("\n", " "));
  }
}
