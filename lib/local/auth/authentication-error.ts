/** What is wrong with the proof of identity. Each protocol gives it its own error code. */
export type AuthenticationFailure =
  | "missing"
  | "incomplete"
  | "unknownKey"
  | "badToken"
  | "wrongScope"
  | "skewed"
  | "wrongSignature"
  | "wrongPayloadHash"
  | "unsupported";

/** A request that does not prove who sent it. The message is for the caller and holds no secret. */
export class AuthenticationError extends Error {
  readonly failure: AuthenticationFailure;

  constructor(failure: AuthenticationFailure, message: string) {
    super(message);
    this.name = "AuthenticationError";
    this.failure = failure;
  }
}
