import type { AwsCredentialIdentity } from "@smithy/types";
import type { Attempt } from "../lib/attempt.ts";
import type { ClockSkew } from "../lib/clock-skew.ts";
import type { CredentialSource } from "../lib/credentials/credential-source.ts";
import { attemptCancellationError } from "../lib/errors/cancellation-error.ts";
import { SageMakerRuntimeServiceException } from "../lib/errors/service-exception.ts";
import type { HttpRequest } from "../lib/http.ts";
import { layer } from "../lib/layer.ts";
import { sha256Hex, toBytes } from "../lib/protocol/payload.ts";
import { RequestSigner } from "../lib/signer/request-signer.ts";
import { attemptOf, type Layer } from "../lib/types.ts";

export interface SignOptions {
  readonly credentials: CredentialSource;
  /** The region that the signature names. */
  readonly region: string;
  readonly clockSkew: ClockSkew;
}

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
  const signer = new RequestSigner(region);

  return layer({ name: "sign", step: "finalizeRequest", aliases: ["httpSigningMiddleware"] }, (next) => {
    return async function signAttempt(args) {
      const attempt = attemptOf(args);
      const { clock } = args.call;
      const held = credentials.resolve(attempt);
      const identity = held instanceof Promise ? await resolved(held, attempt) : held;
      const signedAt = clock.epochNow();
      const datedAt = signedAt + clockSkew.offsetMs;
      const request = args.request as HttpRequest;
      if (request.body !== args.call.hashedBody) describePayload(request);
      const signed = signer.sign(request, identity, datedAt);
      args.request = signed instanceof Promise ? await signed : signed;
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
    const date = error.$response?.headers.date;
    if (EXPIRED_CODES.has(error.name)) {
      attempt.isSignatureMended = credentials.invalidate(identity);
    } else if (clockSkew.isProven(date, datedAt)) {
      clockSkew.observe(date, signedAt, attempt.call.clock.epochNow());
      attempt.isSignatureMended = true;
    }
  }
}

/** A layer has put another payload into the request. */
function describePayload(request: HttpRequest): void {
  request.body = toBytes(request.body);
  request.headers["content-length"] = String(request.body.byteLength);
  request.headers["x-amz-content-sha256"] = sha256Hex(request.body);
}

async function resolved(
  pending: Promise<AwsCredentialIdentity | undefined>,
  attempt: Attempt,
): Promise<AwsCredentialIdentity> {
  const identity = await pending;
  if (identity === undefined) throw attemptCancellationError(attempt);
  return identity;
}
