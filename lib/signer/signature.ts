import type { AwsCredentialIdentity } from "@smithy/types";
import type { Attempt, AttemptListener } from "../attempt.ts";
import type { ClockSkew } from "../clock-skew.ts";
import type { CredentialSource } from "../credentials/credential-source.ts";
import { SageMakerRuntimeServiceException } from "../errors/service-exception.ts";

/** Codes of a token that is too old. Newer credentials may be at hand. */
const EXPIRED_CODES: ReadonlySet<string> = new Set(["ExpiredToken", "ExpiredTokenException"]);

/** Looks at how an attempt with it ended, and mends what the service refused it for. */
export class Signature implements AttemptListener {
  readonly #credentials: CredentialSource;
  readonly #clockSkew: ClockSkew;
  readonly #identity: AwsCredentialIdentity;
  readonly #signedAt: number;
  readonly #datedAt: number;

  constructor(
    credentials: CredentialSource,
    clockSkew: ClockSkew,
    identity: AwsCredentialIdentity,
    signedAt: number,
    datedAt: number,
  ) {
    this.#credentials = credentials;
    this.#clockSkew = clockSkew;
    this.#identity = identity;
    this.#signedAt = signedAt;
    this.#datedAt = datedAt;
  }

  attemptEnded(attempt: Attempt): void {
    const { error } = attempt;
    if (attempt.outcome !== "auth" || !(error instanceof SageMakerRuntimeServiceException)) return;
    const date = error.$response?.headers.date;
    if (EXPIRED_CODES.has(error.name)) {
      attempt.isSignatureMended = this.#credentials.invalidate(this.#identity);
    } else if (this.#clockSkew.isProven(date, this.#datedAt)) {
      this.#clockSkew.observe(date, this.#signedAt, attempt.call.clock.epochNow());
      attempt.isSignatureMended = true;
    }
  }
}
