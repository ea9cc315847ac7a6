import type { AwsCredentialIdentity } from "@smithy/types";
import type { Cancellable } from "../cancellation.ts";
import { CredentialsProviderError } from "./credentials-provider-error.ts";

/** One call's wait for credentials. It leaves the queue when it is settled or cancelled. */
export class RefreshWaiter implements Cancellable {
  /** Never rejects: {@link take} says how it ended, in the frame of the call that waited. */
  readonly settled: Promise<void>;
  readonly #queue: Set<RefreshWaiter>;
  #resolve!: () => void;
  #identity: AwsCredentialIdentity | undefined;
  #failure: unknown;

  /** Joins `queue`. */
  constructor(queue: Set<RefreshWaiter>) {
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#queue = queue;
    queue.add(this);
  }

  succeed(identity: AwsCredentialIdentity): void {
    this.#identity = identity;
    this.cancel();
  }

  fail(error: unknown): void {
    this.#failure = error;
    this.cancel();
  }

  cancel(): void {
    this.#queue.delete(this);
    this.#resolve();
  }

  /**
   * What came of it, once settled.
   *
   * @throws {CredentialsProviderError} where the provider failed
   */
  take(): AwsCredentialIdentity {
    if (this.#identity === undefined) throw new CredentialsProviderError(this.#failure);
    return this.#identity;
  }
}
