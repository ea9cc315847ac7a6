import type { AwsCredentialIdentity } from "@smithy/types";
import type { CancelScope } from "../cancellation.ts";

/** Where a client takes its credentials from, each time it signs. */
export interface CredentialSource {
  /**
   * The credentials to sign with now. What is at hand is returned as it is, without a promise.
   *
   * Where they have to be waited for, the wait is the `running` of `scope`, and the promise gives `undefined`
   * if and only if `scope` was cancelled meanwhile.
   *
   * @throws {CredentialsProviderError} (as a rejection) where there are none
   */
  resolve(scope: CancelScope): AwsCredentialIdentity | Promise<AwsCredentialIdentity | undefined>;
  /**
   * Asks for new credentials now, past every cache.
   *
   * @throws {CredentialsProviderError} (as a rejection) where there are none
   */
  refresh(): Promise<AwsCredentialIdentity>;
  /**
   * To be called with credentials that the service refused as expired. The next {@link resolve} gets newer
   * ones.
   *
   * @returns whether it may: false where there are no others, so that trying again is no use
   */
  invalidate(refused: AwsCredentialIdentity): boolean;
}
