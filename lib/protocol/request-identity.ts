import type { HttpRequest } from "../http.ts";
import { sha256Hex, toBytes } from "./payload.ts";

/** Headers that differ between calls which ask the same; a tracer may write them in capitals. */
const OF_THE_CALL: ReadonlySet<string> = new Set([
  "amz-sdk-invocation-id",
  "amz-sdk-request",
  "baggage",
  "traceparent",
  "tracestate",
  "x-amzn-trace-id",
]);

/**
 * What two requests have in common if and only if they ask the same of the same host: path, headers and payload hash.
 *
 * @param hashedBody the payload that the headers have the hash of; any other is hashed here
 */
export function identityOf(request: HttpRequest, hashedBody: Uint8Array | undefined): string {
  const { method, hostname, port, path, query, headers, body } = request;
  const asked = Object.entries(headers)
    .filter(([name]) => !OF_THE_CALL.has(name.toLowerCase()))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const changedHash = body === hashedBody ? undefined : sha256Hex(toBytes(body));
  return JSON.stringify([method, hostname, port, path, query, asked, changedHash]);
}
