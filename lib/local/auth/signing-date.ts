import { AuthenticationError } from "./authentication-error.ts";

const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** The moment that the request says it was signed at, from `X-Amz-Date` or else `Date`. */
export function signingDate(amzDate: string | undefined, date: string | undefined): Date {
  if (amzDate === undefined && date === undefined) {
    const message = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
    throw new AuthenticationError("incomplete", message);
  }
  const parsed = new Date(amzDate === undefined ? date! : amzDate.replace(AMZ_DATE, "$1-$2-$3T$4:$5:$6Z"));
  if (!Number.isNaN(parsed.getTime())) return parsed;
  throw new AuthenticationError("incomplete", "Date must be in ISO-8601 'basic format'.");
}

/** `20260102T030405Z`, as signatures and their errors write a moment. */
export function basicIso(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

/** Refuses a signature made more than `maxSkewMs` away from now, in the service's own words. */
export function checkSkew(signedAtMs: number, nowMs: number, maxSkewMs: number): void {
  const minutes = maxSkewMs / 60_000;
  const [signed, now] = [basicIso(signedAtMs), basicIso(nowMs)];
  if (signedAtMs < nowMs - maxSkewMs) {
    const limit = basicIso(nowMs - maxSkewMs);
    const message = `Signature expired: ${signed} is now earlier than ${limit} (${now} - ${minutes} min.)`;
    throw new AuthenticationError("skewed", message);
  }
  if (signedAtMs > nowMs + maxSkewMs) {
    const limit = basicIso(nowMs + maxSkewMs);
    const message = `Signature not yet current: ${signed} is still later than ${limit} (${now} + ${minutes} min.)`;
    throw new AuthenticationError("skewed", message);
  }
}
