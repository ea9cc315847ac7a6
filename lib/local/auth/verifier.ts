import { createHash, timingSafeEqual } from "node:crypto";
import { getCanonicalHeaders } from "@smithy/signature-v4";
import type { HeaderBag, QueryParameterBag } from "@smithy/types";
import type { Clock } from "../../clock.ts";
import type { LocalCredentials } from "../types.ts";
import { AuthenticationError } from "./authentication-error.ts";
import { type Authorization, parseAuthorization } from "./authorization.ts";
import { SignatureCalculator } from "./signature-calculator.ts";
import { checkSkew, signingDate } from "./signing-date.ts";

/** A request as it came in: path and query undecoded where the signature covers them so. */
export interface ReceivedRequest {
  readonly method: string;
  /** Percent-encoded, as on the request line. */
  readonly path: string;
  /** Decoded. */
  readonly query: QueryParameterBag;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a verified request says about its sender. */
export interface Identity {
  /** The region of the credential scope; any is accepted. */
  readonly region: string;
}

/** How far a signature's date may be off: the services' own limits. */
const MAX_SKEW_MS = { sagemaker: 5 * 60_000, s3: 15 * 60_000 };

const UNHASHED_PAYLOADS = ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"];

/** Checks Signature Version 4 in the `Authorization` header against the one pair of credentials there is. */
export class Verifier {
  #credentials: LocalCredentials;
  #clock: Clock;
  #calculators: Record<"sagemaker" | "s3", SignatureCalculator>;

  constructor(credentials: LocalCredentials, clock: Clock) {
    this.#credentials = credentials;
    this.#clock = clock;
    const { accessKeyId, secretAccessKey } = credentials;
    this.#calculators = {
      sagemaker: new SignatureCalculator("sagemaker", { accessKeyId, secretAccessKey }),
      s3: new SignatureCalculator("s3", { accessKeyId, secretAccessKey }),
    };
  }

  /** @throws {AuthenticationError} that says what does not hold */
  async verify(request: ReceivedRequest, service: "sagemaker" | "s3"): Promise<Identity> {
    const { headers } = request;
    if ("X-Amz-Signature" in request.query) {
      throw new AuthenticationError("unsupported", "Presigned URLs are not served here: sign the header.");
    }
    const authorization = parseAuthorization(headers.authorization);
    const signedAt = signingDate(headers["x-amz-date"], headers.date);
    this.#checkIdentity(authorization, headers["x-amz-security-token"]);
    checkScope(authorization, service, signedAt);
    checkSkew(signedAt.getTime(), this.#clock.epochNow(), MAX_SKEW_MS[service]);
    const expected = await this.#calculators[service].signatureOf({
      request: { ...request, protocol: "http:", hostname: "" },
      headers: signedHeaderValues(request, authorization.signedHeaders),
      payloadHash: payloadHash(request, service),
      signedAt,
      region: authorization.region,
    });
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))) {
      throw new AuthenticationError("wrongSignature", WRONG_SIGNATURE);
    }
    return { region: authorization.region };
  }

  #checkIdentity({ accessKeyId }: Authorization, token: string | undefined): void {
    const invalid = "The security token included in the request is invalid.";
    if (accessKeyId !== this.#credentials.accessKeyId) throw new AuthenticationError("unknownKey", invalid);
    if (token !== this.#credentials.sessionToken) throw new AuthenticationError("badToken", invalid);
  }
}

const WRONG_SIGNATURE =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret " +
  "Access Key and signing method. Consult the service documentation for details.";

function checkScope({ date, service: scoped }: Authorization, service: string, signedAt: Date): void {
  if (scoped !== service) {
    throw new AuthenticationError(
      "wrongScope",
      `Credential should be scoped to correct service: '${service}'.`,
    );
  }
  const day = signedAt.toISOString().slice(0, 10).replaceAll("-", "");
  if (date !== day) {
    const message = `Date in Credential scope does not match YYYYMMDD of the request's date: '${date}' != '${day}'.`;
    throw new AuthenticationError("wrongScope", message);
  }
}

/** Only what the request lists, but the host and every `x-amz-` header must be on that list. */
function signedHeaderValues({ headers }: ReceivedRequest, names: readonly string[]): HeaderBag {
  const mustBeSigned = Object.keys(headers).filter((name) => name === "host" || name.startsWith("x-amz-"));
  for (const name of ["host", ...mustBeSigned]) {
    if (names.includes(name)) continue;
    throw new AuthenticationError(
      "wrongSignature",
      `'${name}' must be a 'SignedHeader' in the AWS Authorization.`,
    );
  }
  const values: HeaderBag = {};
  for (const name of names) {
    const value = headers[name];
    if (value === undefined) throw new AuthenticationError("wrongSignature", WRONG_SIGNATURE);
    values[name] = value;
  }
  const request = { method: "", protocol: "", hostname: "", path: "", headers: values };
  return getCanonicalHeaders(request, undefined, new Set(names));
}

function payloadHash({ headers, body }: ReceivedRequest, service: "sagemaker" | "s3"): string {
  const stated = headers["x-amz-content-sha256"];
  if (service === "s3") {
    if (stated === undefined) {
      throw new AuthenticationError("incomplete", "Missing required header: x-amz-content-sha256");
    }
    if (UNHASHED_PAYLOADS.includes(stated)) return stated;
    if (stated.startsWith("STREAMING-")) {
      throw new AuthenticationError("unsupported", `Uploads of kind ${stated} are not served here.`);
    }
  }
  const actual = createHash("sha256").update(body).digest("hex");
  if (stated === undefined || stated === actual) return actual;
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  throw new AuthenticationError("wrongPayloadHash", message);
}
