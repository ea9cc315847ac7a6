import { AuthenticationError } from "./authentication-error.ts";

/** An `Authorization` header of Signature Version 4, taken apart. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `yyyymmdd`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** In lower case, in the order given. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const PARAMETERS = ["Credential", "SignedHeaders", "Signature"] as const;

/**
 * Reads the header.
 *
 * @throws {AuthenticationError} `missing` where there is none, `incomplete` where a part is absent or not
 * well formed
 */
export function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined || header === "") {
    throw new AuthenticationError("missing", "Missing Authentication Token");
  }
  if (!header.startsWith(`${ALGORITHM} `)) {
    throw new AuthenticationError("incomplete", `Unsupported AWS 'algorithm': expected ${ALGORITHM}.`);
  }
  const parameters = parseParameters(header.slice(ALGORITHM.length + 1));
  const absent = PARAMETERS.filter((name) => !parameters.get(name));
  if (absent.length > 0) {
    const message = absent.map((name) => `Authorization header requires '${name}' parameter.`).join(" ");
    throw new AuthenticationError("incomplete", message);
  }
  const signature = parameters.get("Signature")!;
  if (!/^[0-9a-f]{64}$/.test(signature)) {
    throw new AuthenticationError("incomplete", "Signature must be 64 hexadecimal digits in lower case.");
  }
  return {
    ...parseCredential(parameters.get("Credential")!),
    signedHeaders: parameters.get("SignedHeaders")!.toLowerCase().split(";"),
    signature,
  };
}

function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    if (equals > 0) parameters.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return parameters;
}

function parseCredential(credential: string) {
  const parts = credential.split("/");
  // An access key id may itself have a slash, so the scope is counted from the end.
  const [date, region, service, terminator] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join("/");
  if (!accessKeyId || !date || !region || !service || terminator !== "aws4_request") {
    const form = "KEY/YYYYMMDD/REGION/SERVICE/aws4_request";
    throw new AuthenticationError("incomplete", `Credential must have the form ${form}.`);
  }
  return { accessKeyId, date, region, service };
}
