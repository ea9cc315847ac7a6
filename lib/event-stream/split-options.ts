import { checkInteger, checkKeys } from "../validate.ts";

/** How the helpers that split an answer are bounded. */
export interface SplitOptions {
  /**
   * Longest line, in bytes without its end; for server-sent events also the longest data of one event, in
   * characters. A longer one is an InvalidResponseError.
   * @default 1_048_576 - far above any line that a model writes, and an answer that never breaks a line
   * cannot fill the memory
   */
  readonly maxLineBytes?: number;
}

const DEFAULT_MAX_LINE_BYTES = 1_048_576;

/**
 * The `maxLineBytes` that the options say.
 *
 * @throws {RangeError | TypeError} for a value out of range, and for an option that does not exist
 */
export function maxLineBytesOf(options: SplitOptions): number {
  checkKeys("", options, ["maxLineBytes"]);
  return checkInteger("maxLineBytes", options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES, 1);
}
