import { NOT_IN_VALUE, TOKEN } from "./http-syntax.ts";
import { AnswerSyntaxError } from "./transport-errors.ts";

/** A header as it was sent, its line's end included, and what it says. */
export interface HeaderLine {
  readonly text: string;
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/**
 * The header whose line begins at `at`. Strict, also where others are lenient: what two readers read in two ways is how
 * answers are smuggled.
 *
 * @throws {AnswerSyntaxError} for a line that is no header
 */
export function readHeaderLine(head: string, at: number): HeaderLine {
  const end = head.indexOf("\r\n", at);
  const colon = head.indexOf(":", at);
  if (colon === -1 || colon > end) throw new AnswerSyntaxError("one of its header lines has no name");
  const name = head.slice(at, colon);
  if (!TOKEN.test(name))
    throw new AnswerSyntaxError("the name of a header has characters that are not allowed");
  const value = head.slice(colon + 1, end);
  if (NOT_IN_VALUE.test(value))
    throw new AnswerSyntaxError("the value of a header has characters that are not allowed");
  return { text: head.slice(at, end + 2), name: name.toLowerCase(), value: withoutPadding(value) };
}

/** Without the spaces and tabs around it; `trim` would take a no-break space too, which belongs to the value. */
function withoutPadding(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isPadding(value, start)) start++;
  while (end > start && isPadding(value, end - 1)) end--;
  return value.slice(start, end);
}

function isPadding(text: string, index: number): boolean {
  const character = text.charCodeAt(index);
  return character === 0x20 || character === 0x09;
}
