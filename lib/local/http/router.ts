import type { QueryParameterBag } from "@smithy/types";
import type { OperationName } from "../types.ts";

/** What a request line asks for. */
export type Route = { readonly path: string; readonly query: QueryParameterBag } & Destination;

type Destination =
  | { readonly kind: "ping" | "stats" | "unknown" | "malformed" }
  | { readonly kind: "operation"; readonly operation: OperationName; readonly endpointName: string }
  | { readonly kind: "object"; readonly method: string; readonly bucket: string; readonly key: string };

const OPERATION_PATHS: Readonly<Record<string, OperationName>> = {
  invocations: "InvokeEndpoint",
  "async-invocations": "InvokeEndpointAsync",
  "invocations-response-stream": "InvokeEndpointWithResponseStream",
};

/** Reads a request line. `target` is as it came, percent-encoded. */
export function routeOf(method: string, target: string): Route {
  const question = target.indexOf("?");
  const path = question === -1 ? target : target.slice(0, question);
  try {
    const query = parseQuery(question === -1 ? "" : target.slice(question + 1));
    return { path, query, ...destinationOf(method, path) };
  } catch {
    return { path, query: {}, kind: "malformed" };
  }
}

function destinationOf(method: string, path: string): Destination {
  if (method === "GET" && path === "/ping") return { kind: "ping" };
  if (method === "GET" && path === "/_holdfast/stats") return { kind: "stats" };
  const segments = path.split("/");
  if (method === "POST") return operationOf(segments);
  const [, bucket = "", ...key] = segments;
  return {
    kind: "object",
    method,
    bucket: decodeURIComponent(bucket),
    key: decodeURIComponent(key.join("/")),
  };
}

function operationOf([, root, name = "", action = "", ...rest]: string[]): Destination {
  const operation = Object.hasOwn(OPERATION_PATHS, action) ? OPERATION_PATHS[action] : undefined;
  if (root !== "endpoints" || operation === undefined || rest.length > 0) return { kind: "unknown" };
  return { kind: "operation", operation, endpointName: decodeURIComponent(name) };
}

function parseQuery(text: string): QueryParameterBag {
  const query: QueryParameterBag = {};
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decodeURIComponent(equals === -1 ? pair : pair.slice(0, equals));
    query[name] = equals === -1 ? "" : decodeURIComponent(pair.slice(equals + 1));
  }
  return query;
}
