import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity } from "@smithy/types";
import type { Attempt } from "../lib/attempt.ts";
import type { ClockSkew } from "../lib/clock-skew.ts";
import type { CredentialSource } from "../lib/credentials/credential-source.ts";
import { attemptCancellationError } from "../lib/errors/cancellation-error.ts";
import { SageMakerRuntimeServiceException } from "../lib/errors/service-exception.ts";
import type { HttpRequest } from "../lib/http.ts";
import { layer } from "../lib/layer.ts";
import { Sha256 } from "../lib/sha256.ts";
import { attemptOf, type Layer } from "../lib/types.ts";

export interface SignOptions {
  readonly credentials: CredentialSource;
  /** The region that the signature names. */
  readonly region: string;
  readonly clockSkew: ClockSkew;
}

/** The name that the service has in signatures. */
const SERVICE = "sagemaker";

/** Tracing headers: something between signing and sending may rewrite them. */
const UNSIGNED_HEADERS = new Set(["traceparent", "tracestate", "baggage"]);

/** Codes of a token that is too old. Newer credentials may be at hand. */
const EXPIRED_CODES: ReadonlySet<string> = new Set(["ExpiredToken", "ExpiredTokenException"]);

/**
 * Signs the attempt with SigV4, and looks at refusals of the signature: an expired token is replaced, and a
 * clock that the answer proves wrong is corrected, so that `retry` may try once more.
 *
 * It is inside of `retry` because a signature ages: the service takes it for five minutes, and the attempt
 * may have waited. The dear part, the payload's hash, was made by `serialize` and is reused.
 *
 * @throws {CredentialsProviderError} where no credentials are to be had
 */
export function sign({ credentials, region, clockSkew }: SignOptions): Layer {
  let signerIdentity: AwsCredentialIdentity | undefined;
  let signer: SignatureV4;

  /** One signer for as long as the credentials stay the same. */
  function signerFor(identity: AwsCredentialIdentity): SignatureV4 {
    if (identity !== signerIdentity) {
      signer = new SignatureV4({ credentials: identity, region, service: SERVICE, sha256: Sha256 });
      signerIdentity = identity;
    }
    return signer;
  }

  return layer({ name: "sign", step: "finalizeRequest", aliases: ["httpSigningMiddleware"] }, (next) => {
    return async function signAttempt(args) {
      const attempt = attemptOf(args);
      const { clock } = args.call;
      const identity = await identityFor(attempt, credentials);
      const signedAt = clock.epochNow();
      const datedAt = signedAt + clockSkew.offsetMs;
      const signed = await signerFor(identity).sign(args.request as HttpRequest, {
        signingDate: new Date(datedAt),
        unsignableHeaders: UNSIGNED_HEADERS,
      });
      args.request = signed as HttpRequest;
      try {
        return await next(args);
      } catch (error) {
        if (error instanceof SageMakerRuntimeServiceException)
          mend(error, attempt, identity, signedAt, datedAt);
        throw error;
      }
    };
  });

  function mend(
    error: SageMakerRuntimeServiceException,
    attempt: Attempt,
    identity: AwsCredentialIdentity,
    signedAt: number,
    datedAt: number,
  ): void {
    if (attempt.classification?.outcome !== "auth") return;
    const date = error.$response?.headers["date"];
    if (EXPIRED_CODES.has(error.name)) {
      attempt.isSignatureMended = credentials.invalidate(identity);
    } else if (clockSkew.isProven(date, datedAt)) {
      clockSkew.observe(date, signedAt, attempt.call.clock.epochNow());
      attempt.isSignatureMended = true;
    }
  }
}

async function identityFor(attempt: Attempt, credentials: CredentialSource): Promise<AwsCredentialIdentity> {
  const identity = await credentials.resolve(attempt);
  if (identity === undefined) throw attemptCancellationError(attempt);
  return identity;
}
