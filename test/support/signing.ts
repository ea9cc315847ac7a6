import { SignatureV4 } from "@smithy/signature-v4";
import type { HttpRequest as SmithyHttpRequest } from "@smithy/types";
import type { HttpRequest } from "../../lib/http.ts";
import { Sha256 } from "../../lib/sha256.ts";

export const REGION = "us-east-1";

/** AWS's own example credentials, with a session token. */
export const CREDENTIALS = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: "TOKENEXAMPLE",
};

/** The request with its SigV4 headers; headers named in `unsigned` stay out of the signature. */
export function signed(request: HttpRequest, at: Date, unsigned: string[] = []): Promise<SmithyHttpRequest> {
  const signer = new SignatureV4({
    service: "sagemaker",
    region: REGION,
    credentials: CREDENTIALS,
    sha256: Sha256,
  });
  return signer.sign(request, { signingDate: at, unsignableHeaders: new Set(unsigned) });
}

/** The moment that an `x-amz-date` header names. */
export function dateOf(header: string | undefined): Date {
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(header ?? "") ?? [];
  if (day === undefined || time === undefined) throw new Error(`no date: ${header}`);
  return new Date(
    `${day.replace(/(....)(..)(..)/, "$1-$2-$3")}T${time.replace(/(..)(..)(..)/, "$1:$2:$3")}Z`,
  );
}
