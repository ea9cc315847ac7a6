import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import { ClockSkew, checkClockOffset } from "../lib/clock-skew.ts";
import { parseRegion } from "../lib/config/endpoint-rules.ts";
import type { CredentialSource } from "../lib/credentials/credential-source.ts";
import { credentialSourceFrom } from "../lib/credentials/from-config.ts";
import { attemptCancellationError } from "../lib/errors/cancellation-error.ts";
import type { HttpRequest } from "../lib/http.ts";
import { layer } from "../lib/layer.ts";
import { sha256Hex, toBytes } from "../lib/protocol/payload.ts";
import { defaultSeams, type Seams } from "../lib/seams.ts";
import { RequestSigner } from "../lib/signer/request-signer.ts";
import { Signature } from "../lib/signer/signature.ts";
import { attemptOf, type CallArgs, type CallResult, type Layer, requestOf } from "../lib/types.ts";
import { checkBoolean, checkKeys } from "../lib/validate.ts";

export interface SignOptions {
  /** The region that the signature names: `client.config.signingRegion`. */
  readonly region: string;
  /**
   * Credentials, or a function that provides them, as a client takes them; also those of a client,
   * `client.config.credentials`. A function is asked once for all that wait, ahead of the expiry, and again when the
   * service refuses a token.
   * @default the AWS default chain, with the profile that `AWS_PROFILE` names
   */
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider | undefined;
  /** Whether requests are dated by the service's clock after it refused a signature for its date. @default true */
  readonly clockSkewCorrection?: boolean | undefined;
  /** How far the service's clock is ahead of this host's, in milliseconds, as far as it is known already. @default 0 */
  readonly systemClockOffset?: number | undefined;
}

const OPTION_NAMES = ["region", "credentials", "clockSkewCorrection", "systemClockOffset"];

const OFFICIAL_NAMES = ["httpSigningMiddleware", "apiKeyMiddleware", "tokenMiddleware", "awsAuthMiddleware"];

/** What the layer works with, checked. */
export interface SignSettings {
  readonly credentials: CredentialSource;
  readonly region: string;
  readonly clockSkew: ClockSkew;
}

/**
 * Signs the attempt with SigV4, and looks at refusals of the signature: an expired token is replaced, and a
 * clock that the answer proves wrong is corrected, so that `retry` may try once more.
 *
 * It is inside of `retry` because a signature ages: the service takes it for five minutes, and the attempt
 * may have waited. The dear part, the payload's hash, was made by `serialize` and is reused.
 *
 * A call fails with a CredentialsProviderError where no credentials are to be had.
 *
 * @throws {RangeError} for what is no region or no offset; {@link TypeError} for malformed credentials, an unknown option
 */
export function sign(options: SignOptions, seams: Partial<Seams> = {}): Layer {
  checkKeys("sign", options, OPTION_NAMES);
  const { credentials, clockSkewCorrection = true, systemClockOffset = 0 } = options;
  const region = parseRegion(options.region, "sign.region").name;
  const clockSkew = new ClockSkew(
    checkBoolean("sign.clockSkewCorrection", clockSkewCorrection),
    checkClockOffset("sign.systemClockOffset", systemClockOffset),
  );
  const context = { ...defaultSeams, ...seams, region, profile: undefined };
  return signAttempts({ credentials: credentialSourceFrom(credentials, context), region, clockSkew });
}

/** {@link sign} for a client, which has made its own source of credentials. */
export function signAttempts({ credentials, region, clockSkew }: SignSettings): Layer {
  const signer = new RequestSigner(region);

  return layer({ name: "sign", step: "finalizeRequest", aliases: OFFICIAL_NAMES }, (next) => {
    return function signAttempt(args) {
      const held = credentials.resolve(attemptOf(args));
      return "then" in held ? signWhenHeld(args, held) : signWith(args, held);
    };

    async function signWhenHeld(args: CallArgs, pending: ReturnType<typeof credentials.resolve>) {
      const identity = await pending;
      if (identity === undefined) throw attemptCancellationError(attemptOf(args));
      return signWith(args, identity);
    }

    function signWith(args: CallArgs, identity: AwsCredentialIdentity): Promise<CallResult> {
      const attempt = attemptOf(args);
      const request = requestOf(args);
      const signedAt = args.call.clock.epochNow();
      const datedAt = signedAt + clockSkew.offsetMs;
      if (request.body !== args.call.hashedBody) describePayload(request);
      attempt.onEnd(new Signature(credentials, clockSkew, identity, signedAt, datedAt));
      const signed = signer.sign(request, identity, datedAt);
      if ("then" in signed) return sendWhenSigned(args, signed);
      args.request = signed;
      return next(args);
    }

    async function sendWhenSigned(args: CallArgs, pending: Promise<HttpRequest>): Promise<CallResult> {
      args.request = await pending;
      return next(args);
    }
  });
}

/** A layer has put another payload into the request. */
function describePayload(request: HttpRequest): void {
  request.body = toBytes(request.body);
  request.headers["content-length"] = String(request.body.byteLength);
  request.headers["x-amz-content-sha256"] = sha256Hex(request.body);
}
