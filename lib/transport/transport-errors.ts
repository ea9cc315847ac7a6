/** No connection within `connectMs`. */
export class ConnectTimeoutError extends Error {
  override readonly name = "ConnectTimeoutError";

  constructor() {
    super("no connection in time");
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

/** An answer that is not HTTP/1.1, in words of this client alone: what came may be the model's. */
export class AnswerSyntaxError extends Error {
  override readonly name = "AnswerSyntaxError";
}
