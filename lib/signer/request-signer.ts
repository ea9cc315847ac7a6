import type { AwsCredentialIdentity } from "@smithy/types";
import type { HttpRequest } from "../http.ts";
import { Sha256 } from "../sha256.ts";
import { HeaderLayouts, TRACING_HEADERS } from "./header-layout.ts";
import { SigningKey } from "./signing-key.ts";

/** The name that the service has in signatures. */
const SERVICE = "sagemaker";

/**
 * Signs the requests that this client makes with SigV4, in a few microseconds and without a promise. Whatever
 * it was not made for (an untidy header of a user's layer, a query, a path to be encoded) goes to
 * `@smithy/signature-v4`, which is also what its signatures are tested against.
 */
export class RequestSigner {
  readonly #region: string;
  readonly #key: SigningKey;
  readonly #layouts = new HeaderLayouts();

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
    const { sessionToken } = identity;
    const layout = this.#layouts.of(request.headers, Boolean(sessionToken));
    if (layout === undefined || hasKeys(request.query))
      return this.#signElsewhere(request, identity, datedAt);
    this.#key.prepare(identity, datedAt);
    const headers = layout.copy(request.headers);
    headers["x-amz-date"] = this.#key.date;
    if (sessionToken) headers["x-amz-security-token"] = sessionToken;
    const requestHash = layout.canonicalRequest.hash(request.method, request.path, headers);
    if (requestHash === undefined) return this.#signElsewhere(request, identity, datedAt);
    headers.authorization = this.#key.credential + layout.signedHeaders + this.#key.sign(requestHash);
    return { ...request, headers };
  }

  async #signElsewhere(
    request: HttpRequest,
    credentials: AwsCredentialIdentity,
    datedAt: number,
  ): Promise<HttpRequest> {
    // Loaded where it is needed, which is hardly ever: it is a quarter of what this package takes to load.
    const { SignatureV4 } = await import("@smithy/signature-v4");
    const signer = new SignatureV4({ credentials, region: this.#region, service: SERVICE, sha256: Sha256 });
    const options = { signingDate: new Date(datedAt), unsignableHeaders: new Set(TRACING_HEADERS) };
    return (await signer.sign(request, options)) as HttpRequest;
  }
}

function hasKeys(bag: object): boolean {
  for (const _ in bag) return true;
  return false;
}
