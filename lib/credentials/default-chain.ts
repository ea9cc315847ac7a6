import type { AwsCredentialIdentityProvider } from "@smithy/types";

/**
 * The AWS default chain: environment, SSO, shared files, process, web identity, container, instance. Its
 * packages are loaded by the first call that needs them: with credentials of its own, a client never does.
 *
 * @param profile the client's own choice of a profile; without, the chain looks at `AWS_PROFILE`
 */
export function defaultChain(profile: string | undefined): AwsCredentialIdentityProvider {
  let chain: AwsCredentialIdentityProvider | undefined;
  return async function provideFromDefaultChain(properties) {
    chain ??= await loadChain(profile);
    return chain(properties);
  };
}

async function loadChain(profile: string | undefined): Promise<AwsCredentialIdentityProvider> {
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  return defaultProvider(profile === undefined ? {} : { profile });
}
