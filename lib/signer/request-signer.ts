import { createHmac, hash } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity, HeaderBag } from "@smithy/types";
import type { HttpRequest } from "../http.ts";
import { Sha256 } from "../sha256.ts";
import { HeaderLayouts, TRACING_HEADERS } from "./header-layout.ts";
import { SigningKey } from "./signing-key.ts";

/** The name that the service has in signatures. */
const SERVICE = "sagemaker";

/** Paths that look the same in a canonical request: nothing to encode, no empty or dotted segments. */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+$/;

/** Values with white space that a canonical request has otherwise. */
const UNTIDY_VALUE = /^[ \t]|[ \t]$|[ \t]{2}|[\t\r\n]/;

/**
 * Signs the requests that this client makes with SigV4, in a few microseconds and without a promise. Whatever
 * it was not made for (an untidy header of a user's layer, a query, a path to be encoded) goes to
 * `@smithy/signature-v4`, which is also what its signatures are tested against.
 */
export class RequestSigner {
  readonly #region: string;
  readonly #key: SigningKey;
  readonly #layouts = new HeaderLayouts();
  #second = Number.NaN;
  #date = "";

  constructor(region: string) {
    this.#region = region;
    this.#key = new SigningKey(region, SERVICE);
  }

  /**
   * A signed copy of the request, which must have its payload's hash in `x-amz-content-sha256`.
   *
   * @param datedAt epoch milliseconds by the service's clock
   */
  sign(
    request: HttpRequest,
    identity: AwsCredentialIdentity,
    datedAt: number,
  ): HttpRequest | Promise<HttpRequest> {
    const headers = { ...request.headers };
    headers["x-amz-date"] = this.#dateOf(datedAt);
    if (identity.sessionToken) headers["x-amz-security-token"] = identity.sessionToken;
    const authorization = this.#authorizationOf(request, headers, identity);
    if (authorization === undefined) return this.#signElsewhere(request, identity, datedAt);
    headers.authorization = authorization;
    return { ...request, headers };
  }

  /** `undefined` for a request that this signer was not made for. */
  #authorizationOf(
    request: HttpRequest,
    headers: HeaderBag,
    identity: AwsCredentialIdentity,
  ): string | undefined {
    const layout = this.#layouts.of(Object.keys(headers));
    if (layout === undefined || !PLAIN_PATH.test(request.path) || hasKeys(request.query)) return undefined;
    let canonicalHeaders = "";
    for (const name of layout.signed) {
      const value: unknown = headers[name];
      if (typeof value !== "string" || UNTIDY_VALUE.test(value)) return undefined;
      canonicalHeaders += `${name}:${value}\n`;
    }
    const payloadHash = headers["x-amz-content-sha256"];
    if (payloadHash === undefined) return undefined;
    const canonical = `${request.method}\n${request.path}\n\n${canonicalHeaders}\n${layout.list}\n${payloadHash}`;

    const day = this.#date.slice(0, 8);
    const scope = `${day}/${this.#region}/${SERVICE}/aws4_request`;
    const stringToSign = `AWS4-HMAC-SHA256\n${this.#date}\n${scope}\n${hash("sha256", canonical, "hex")}`;
    const signature = createHmac("sha256", this.#key.of(identity, day)).update(stringToSign).digest("hex");
    return `AWS4-HMAC-SHA256 Credential=${identity.accessKeyId}/${scope}, SignedHeaders=${layout.list}, Signature=${signature}`;
  }

  async #signElsewhere(
    request: HttpRequest,
    credentials: AwsCredentialIdentity,
    datedAt: number,
  ): Promise<HttpRequest> {
    const signer = new SignatureV4({ credentials, region: this.#region, service: SERVICE, sha256: Sha256 });
    const options = { signingDate: new Date(datedAt), unsignableHeaders: new Set(TRACING_HEADERS) };
    return (await signer.sign(request, options)) as HttpRequest;
  }

  /** The date as SigV4 has it, which changes once a second. */
  #dateOf(datedAt: number): string {
    const second = Math.floor(datedAt / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = `${new Date(second * 1_000).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
    }
    return this.#date;
  }
}

function hasKeys(bag: object): boolean {
  for (const _ in bag) return true;
  return false;
}
