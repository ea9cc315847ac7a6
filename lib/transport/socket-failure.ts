import { types } from "node:util";

/** Codes of a connection that broke, as opposed to one that could not be made. */
const BROKEN_SOCKET_CODES: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "UND_ERR_SOCKET",
]);

/**
 * The code of a network error, from itself or from what caused it; `undefined` where it has none. By kind and not by class:
 * in the sandbox of a test runner, Node's own errors are of another realm.
 */
export function errorCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; types.isNativeError(at) && depth < 10; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return undefined;
}

/** Whether the connection broke under the exchange. */
export function isSocketFailure(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && BROKEN_SOCKET_CODES.has(code);
}
