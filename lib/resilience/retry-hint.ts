import { parseHttpDate } from "../http-date.ts";

/** How an HTTP date begins. `Date.parse` makes a date of nearly anything: "-5" is a day of the past. */
const HTTP_DATE = /^[a-z]{3,9},? /i;

/**
 * How long the server asks to wait, in milliseconds: `x-amz-retry-after` (milliseconds), else `retry-after`
 * (seconds, or an HTTP date). `undefined` where it asks for nothing or for nonsense.
 */
export function retryHintMs(
  headers: Readonly<Record<string, string>> | undefined,
  epochNow: number,
): number | undefined {
  const milliseconds = headers?.["x-amz-retry-after"];
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) return Number(milliseconds);
  const after = headers?.["retry-after"];
  if (after === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(after)) return Number(after) * 1_000;
  const date = HTTP_DATE.test(after) ? parseHttpDate(after) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - epochNow);
}
