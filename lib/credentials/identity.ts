import type { AwsCredentialIdentity } from "@smithy/types";

const SECRET_RULE = "a non-empty string without white space";

/**
 * Checks credentials and copies what signing needs of them. Errors name what is wrong and never show a value.
 *
 * @param origin what the credentials are, for the error: `credentials`, or whose they are
 * @throws {TypeError} for a part that is missing or cannot be sent
 */
export function checkIdentity(origin: string, value: unknown): AwsCredentialIdentity {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`${origin} must be an object with accessKeyId and secretAccessKey`);
  }
  const parts = value as Partial<Record<keyof AwsCredentialIdentity, unknown>>;
  const { sessionToken, expiration, credentialScope, accountId } = parts;
  return Object.freeze({
    accessKeyId: checkSecret(`${origin}.accessKeyId`, parts.accessKeyId),
    secretAccessKey: checkSecret(`${origin}.secretAccessKey`, parts.secretAccessKey),
    // An empty token is what an unset variable often becomes.
    ...(sessionToken ? { sessionToken: checkSecret(`${origin}.sessionToken`, sessionToken) } : {}),
    ...(expiration ? { expiration: checkDate(`${origin}.expiration`, expiration) } : {}),
    ...(typeof credentialScope === "string" ? { credentialScope } : {}),
    ...(typeof accountId === "string" ? { accountId } : {}),
  });
}

function checkSecret(name: string, value: unknown): string {
  if (value === undefined || value === null || value === "") throw new TypeError(`${name} is missing`);
  if (typeof value === "string" && !/\s/.test(value)) return value;
  throw new TypeError(`${name} must be ${SECRET_RULE} (the value is not shown)`);
}

function checkDate(name: string, value: unknown): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return new Date(value);
  throw new TypeError(`${name} must be a valid Date`);
}
