import { NotSentError } from "../errors/local-errors.ts";

/**
 * There are no credentials to sign with; nothing was sent. Each call has its own, with what the provider
 * threw as the `cause`. The name is the one that the AWS SDK's providers use.
 */
export class CredentialsProviderError extends NotSentError {
  override readonly name = "CredentialsProviderError";

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : "the provider failed without an Error";
    super(`no credentials to sign with: ${reason}`, { cause });
  }
}
