import { MAX_TIMER_MS } from "./clock.ts";

/** Says what is wrong with an option in one line: its name, what is allowed, and what was given. */
export function invalidOption(option: string, allowed: string, value: unknown): RangeError {
  return new RangeError(`${option} must be ${allowed}, got ${show(value)}`);
}

/** A value as an error message shows it: short, and never more of an object than its kind. */
export function show(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null)
    return `an object (${value.constructor?.name ?? "no prototype"})`;
  return String(value);
}

/** Checks a duration in milliseconds that a timer can hold: above 0. */
export function checkMs(option: string, value: number): number {
  if (typeof value === "number" && value > 0 && value <= MAX_TIMER_MS) return value;
  throw invalidOption(option, `a number of milliseconds above 0 and up to ${MAX_TIMER_MS}`, value);
}

/** Checks a whole number of at least `min` and at most `max`. */
export function checkInteger(
  option: string,
  value: number,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const upper = max === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${max}`;
  throw invalidOption(option, `a whole number of at least ${min}${upper}`, value);
}

/** Checks a share between 0 and 1; 0 only where `allowZero`. */
export function checkRatio(option: string, value: number, allowZero = false): number {
  if (typeof value === "number" && value <= 1 && (allowZero ? value >= 0 : value > 0)) return value;
  throw invalidOption(option, allowZero ? "a number from 0 to 1" : "a number above 0 and up to 1", value);
}

export function checkBoolean(option: string, value: boolean): boolean {
  if (typeof value === "boolean") return value;
  throw invalidOption(option, "true or false", value);
}

export function checkOneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw invalidOption(option, `one of ${allowed.map((name) => JSON.stringify(name)).join(", ")}`, value);
}

/** Whether a value may be an object of options: it has names, and is no list. */
export function isOptions(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function checkObject(option: string, value: unknown): void {
  if (!isOptions(value)) throw invalidOption(option, "an object of options", value);
}

/** Checks that the options of a layer are some, or `false` for none of it; the layer checks the rest. */
export function checkLayer(option: string, value: unknown): void {
  if (value === undefined || value === false || isOptions(value)) return;
  throw invalidOption(option, "an object of options, or false to leave the layer out", value);
}

/** Checks a function that may be left out. */
export function checkFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") throw invalidOption(option, "a function", value);
}

/** Refuses keys that no option has: a misspelt option would otherwise be ignored. */
export function checkKeys(scope: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new TypeError(
      `${scope === "" ? "" : `${scope}.`}${key} is not an option; known here: ${known.join(", ")}`,
    );
  }
}
