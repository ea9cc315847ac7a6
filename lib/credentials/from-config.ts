import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import type { Seams } from "../seams.ts";
import { CachedCredentials } from "./cached-credentials.ts";
import type { CredentialSource } from "./credential-source.ts";
import { defaultChain } from "./default-chain.ts";
import { StaticCredentials } from "./static-credentials.ts";

/** What providers are told about the client that asks. */
export interface CredentialContext extends Seams {
  readonly region: string;
  /** The client's own choice of a profile. */
  readonly profile: string | undefined;
}

/**
 * The source behind a client's `credentials` option.
 *
 * @throws {TypeError} for what is neither credentials nor a provider function
 */
export function credentialSourceFrom(
  credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider | undefined,
  context: CredentialContext,
): CredentialSource {
  if (credentials !== undefined && typeof credentials !== "function")
    return new StaticCredentials(credentials);
  const provider = credentials ?? defaultChain(context.profile);
  const callerClientConfig = { region: async () => context.region, profile: context.profile };
  return new CachedCredentials((forceRefresh) => provider({ callerClientConfig, forceRefresh }), context);
}
