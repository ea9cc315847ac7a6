import type { HttpRequest } from "../http.ts";

/** Headers that differ between calls which ask the same. */
const OF_THE_CALL: ReadonlySet<string> = new Set([
  "amz-sdk-invocation-id",
  "amz-sdk-request",
  "baggage",
  "traceparent",
  "tracestate",
  "x-amzn-trace-id",
]);

/** What two requests have in common if and only if they ask the same: path, headers and payload hash. */
export function identityOf({ method, path, headers }: HttpRequest): string {
  const asked = Object.entries(headers)
    .filter(([name]) => !OF_THE_CALL.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([method, path, asked]);
}
