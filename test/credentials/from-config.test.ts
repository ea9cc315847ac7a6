import type { AwsCredentialIdentity } from "@smithy/types";
import { describe, expect, it } from "vitest";
import { credentialSourceFrom } from "../../lib/credentials/from-config.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { Scope } from "./scope.ts";

const identity = { accessKeyId: "a", secretAccessKey: "b" };
const context = { region: "eu-west-1", profile: "p", clock: new FakeClock(), random: () => 0 };

/** What a provider of `@aws-sdk/credential-providers` is called with. */
interface ProviderProperties {
  readonly callerClientConfig: { region(): Promise<string>; profile?: string };
  readonly forceRefresh: boolean;
}

describe("the source of credentials", () => {
  it("is the credentials themselves where they are given", () => {
    expect(credentialSourceFrom(identity, context).resolve(new Scope())).toEqual(identity);
  });

  it("is a provider, which is told region and profile of the client and whether to look past its caches", async () => {
    const calls: ProviderProperties[] = [];
    const provider = async (properties?: Record<string, unknown>): Promise<AwsCredentialIdentity> => {
      calls.push(properties as unknown as ProviderProperties);
      return identity;
    };
    const source = credentialSourceFrom(provider, context);
    expect(calls).toHaveLength(0);
    const resolved = (await source.resolve(new Scope())) as AwsCredentialIdentity;
    source.invalidate(resolved);
    await source.resolve(new Scope());
    expect(calls.map((call) => call.forceRefresh)).toEqual([false, true]);
    expect(calls[0]?.callerClientConfig.profile).toBe("p");
    expect(await calls[0]?.callerClientConfig.region()).toBe("eu-west-1");
  });
});
