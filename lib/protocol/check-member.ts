import { InvalidInputError } from "../errors/local-errors.ts";
import { show } from "../validate.ts";
import type { IntegerRule, Rule, TextRule } from "./rules.ts";

/** Throws an InvalidInputError where `value`, the value of the member `name`, breaks `rule`. */
export function checkMember(name: string, rule: Rule, value: unknown): void {
  if (rule.kind === "text") checkText(name, rule, value);
  else checkInteger(name, rule, value);
}

function checkText(name: string, rule: TextRule, value: unknown): void {
  if (typeof value !== "string") {
    throw new InvalidInputError(name, rule.allowed, rule.isSensitive ? kindOf(value) : show(value));
  }
  if (value.length > rule.maxLength)
    throw new InvalidInputError(name, rule.allowed, `${value.length} characters`);
  if (value.length >= rule.minLength && rule.pattern.test(value)) return;
  throw new InvalidInputError(name, rule.allowed, rule.isSensitive ? describe(value) : show(value));
}

function checkInteger(name: string, rule: IntegerRule, value: unknown): void {
  if (Number.isInteger(value) && Number(value) >= rule.min && Number(value) <= rule.max) return;
  throw new InvalidInputError(name, `a whole number from ${rule.min} to ${rule.max}`, show(value));
}

/** A value that must not be shown, as what it is. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? show(value) : `a ${typeof value}`;
}

/** Where a secret text goes wrong, so that its owner can find the fault without seeing the text in a log. */
function describe(value: string): string {
  const position = value.search(/[^\t\x20-\x7e]/);
  const length = `${value.length} characters`;
  return position < 0 ? length : `${length}, of which the one at index ${position} is not`;
}
