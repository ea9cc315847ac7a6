import type { Attempt } from "../attempt.ts";
import type { HttpRequest } from "../http.ts";
import type { CallResult } from "../types.ts";

/** The core that every stack ends in: one HTTP exchange per attempt. */
export interface Transport {
  /**
   * Sends the request and resolves with the response: whole, or for an accepted answer of a streaming
   * operation with its bytes still arriving. Rejects with what the network said; `errorMapper` makes the typed
   * error.
   *
   * @throws {AbortError} at once, as {TimeoutError}, where the attempt is cancelled already
   */
  send(request: HttpRequest, attempt: Attempt): Promise<CallResult>;
  /** Lets the running exchanges end and closes every connection. None may be begun any more. */
  close(): Promise<void>;
  /** Ends everything now. */
  destroy(): void;
}
