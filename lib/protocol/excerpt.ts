import { textOf } from "./json.ts";

/** Longest excerpt, in characters. */
const MAX_CHARACTERS = 200;

/** Bytes that are looked at: a page's title comes early, and nobody waits for the rest. */
const MAX_BYTES = 2_048;

/**
 * The beginning of a foreign text in one line for an error message: without tags and control characters. Empty where it
 * is no text of this charset, such as a compressed one: those have zero bytes.
 */
export function excerptOf(bytes: Uint8Array): string {
  const beginning = bytes.subarray(0, MAX_BYTES);
  if (beginning.includes(0)) return "";
  const text = textOf(beginning)
    .replace(/<[^<>]*>/g, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD\s]+/gu, " ")
    .trim();
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 3)}...` : text;
}
