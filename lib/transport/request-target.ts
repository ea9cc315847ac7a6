import type { QueryParameterBag } from "@smithy/types";
import type { HttpRequest } from "../http.ts";
import { escapeUri } from "../protocol/uri-escape.ts";

/** Path and query as they are sent. This client's own requests have no query; a layer may add one, which is signed. */
export function requestTargetOf({ path, query }: HttpRequest): string {
  for (const _ in query) return `${path}?${queryOf(query)}`;
  return path;
}

/** In the order and spelling of the AWS SDK: a name alone for what has no value. */
function queryOf(query: QueryParameterBag): string {
  return Object.keys(query)
    .sort()
    .flatMap((name) => parametersOf(escapeUri(name), query[name]))
    .join("&");
}

function parametersOf(name: string, value: QueryParameterBag[string] | undefined): string[] {
  if (Array.isArray(value)) return value.map((one) => `${name}=${escapeUri(one)}`);
  return [typeof value === "string" ? `${name}=${escapeUri(value)}` : name];
}
