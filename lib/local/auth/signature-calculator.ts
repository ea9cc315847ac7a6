import { ALGORITHM_IDENTIFIER, SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity, HeaderBag, HttpRequest } from "@smithy/types";
import { Sha256 } from "../../sha256.ts";

/** What a signature is made over, as the request states it. */
export interface SignatureInput {
  readonly request: HttpRequest;
  /** The signed headers alone, names in lower case, values in canonical form. */
  readonly headers: HeaderBag;
  readonly payloadHash: string;
  /** When the request says that it was signed. */
  readonly signedAt: Date;
  readonly region: string;
}

/**
 * Makes the signature that a request must have. It is the signer's own code fed with the request's own
 * list of headers and date, where the public `sign` would choose both itself.
 */
export class SignatureCalculator extends SignatureV4 {
  constructor(service: "sagemaker" | "s3", credentials: AwsCredentialIdentity) {
    // S3 alone signs the path as it is sent; every other service encodes it once more.
    super({ service, region: "us-east-1", credentials, sha256: Sha256, uriEscapePath: service !== "s3" });
  }

  async signatureOf({ request, headers, payloadHash, signedAt, region }: SignatureInput): Promise<string> {
    const canonicalRequest = this.createCanonicalRequest(request, headers, payloadHash);
    const { longDate, shortDate } = this.formatDate(signedAt);
    const scope = `${shortDate}/${region}/${this.service}/aws4_request`;
    const toSign = await this.createStringToSign(longDate, scope, canonicalRequest, ALGORITHM_IDENTIFIER);
    return this.sign(toSign, { signingDate: signedAt, signingRegion: region });
  }
}
