import { checkInteger, invalidOption } from "../../validate.ts";

/** An object whose fields are not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Checks one field; gives its value or throws an error that names it. */
export type FieldCheck = (name: string, value: unknown) => unknown;

export function objectOf(name: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw invalidOption(name, "an object", value);
}

export function stringField(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalidOption(name, "a text that is not empty", value);
}

export function textField(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw invalidOption(name, "a text", value);
}

/** Text that can be sent as a header. */
export function headerField(name: string, value: unknown): string {
  if (typeof value === "string" && /^[\x20-\x7e]+$/.test(value)) return value;
  throw invalidOption(name, "a text of printable ASCII characters", value);
}

/** A number of milliseconds, 0 included, fractions allowed. */
export function delayField(name: string, value: unknown): number {
  if (typeof value === "number" && value >= 0 && value <= 86_400_000) return value;
  throw invalidOption(name, "a number of milliseconds from 0 to 86400000", value);
}

export function bytesField(name: string, value: unknown): number {
  return checkInteger(name, value as number, 0);
}

/** The checked copy of the fields that are there. */
export function optional<T>(
  scope: string,
  fields: Fields,
  checks: { readonly [Field in keyof T]-?: FieldCheck },
): T {
  const checked: Record<string, unknown> = {};
  for (const [field, check] of Object.entries<FieldCheck>(checks)) {
    if (fields[field] !== undefined) checked[field] = check(`${scope}.${field}`, fields[field]);
  }
  return checked as T;
}

/** The checked copy of fields that all must be there. */
export function required<T>(
  scope: string,
  fields: Fields,
  checks: { readonly [Field in keyof T]-?: FieldCheck },
): T {
  const checked: Record<string, unknown> = {};
  for (const [field, check] of Object.entries<FieldCheck>(checks)) {
    checked[field] = check(`${scope}.${field}`, fields[field]);
  }
  return checked as T;
}
