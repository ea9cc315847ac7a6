/** The oldest of the three forms of a date in HTTP ends with its year; for `Date.parse` it is local time. */
const WITHOUT_ZONE = / \d{4}$/;

/** Epoch milliseconds of a date in a header, which is UTC also where it does not say so (RFC 9110 5.6.7); `NaN` for none. */
export function parseHttpDate(text: string): number {
  return Date.parse(WITHOUT_ZONE.test(text) ? `${text} GMT` : text);
}
