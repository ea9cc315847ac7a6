/** What an exchange that is given up fails with. Nobody sees it: the attempt says why it was cancelled. */
export const CANCELLED: Error = new Error("cancelled");

/** No connection within `connectMs`. */
export class ConnectTimeoutError extends Error {
  override readonly name = "ConnectTimeoutError";

  constructor() {
    super("no connection in time");
  }
}

/** All of the client's connections were in use, up to the end of what waited for one. */
export class NoFreeConnectionError extends Error {
  override readonly name = "NoFreeConnectionError";

  constructor() {
    super("no connection was free (maxSockets)");
  }
}

/** The connection ended before the answer did. */
export class ClosedEarlyError extends Error {
  override readonly name = "ClosedEarlyError";
  /** As Node says it of its own connections. */
  readonly code = "ECONNRESET";

  constructor() {
    super("the connection ended before the answer was whole");
  }
}

/** The payload is not as long any more as the head of the request says: what followed it would be taken for its rest. */
export class ResizedPayloadError extends TypeError {
  override readonly name = "ResizedPayloadError";

  constructor() {
    super("the body of the request was resized, or transferred to another thread, while it was being sent");
  }
}

/** An answer that is not HTTP/1.1, in words of this client alone: what came may be the model's. */
export class AnswerSyntaxError extends Error {
  override readonly name = "AnswerSyntaxError";
}
