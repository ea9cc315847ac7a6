import type { AwsCredentialIdentity } from "@smithy/types";
import type { CredentialSource } from "./credential-source.ts";
import { checkIdentity } from "./identity.ts";

/** Credentials given in code. There are no others, so nothing is ever waited for. */
export class StaticCredentials implements CredentialSource {
  // Private, so that no log of a configuration prints it.
  readonly #identity: AwsCredentialIdentity;

  /** @throws {TypeError} naming the part that is missing or malformed */
  constructor(identity: AwsCredentialIdentity) {
    this.#identity = checkIdentity("credentials", identity);
  }

  resolve(): AwsCredentialIdentity {
    return this.#identity;
  }

  async refresh(): Promise<AwsCredentialIdentity> {
    return this.#identity;
  }

  invalidate(): boolean {
    return false;
  }
}
