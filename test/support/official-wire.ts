import type { HttpRequest, ResponseMetadata } from "@smithy/types";

/** A request reduced to what goes over the wire. */
export function comparable(request: HttpRequest) {
  const { method, protocol, hostname, port, path, query, headers } = request;
  return { method, protocol, hostname, port, path, query, headers, body: hexOf(request.body) };
}

function hexOf(body: unknown): string {
  if (body === undefined) return "";
  if (typeof body === "string") return Buffer.from(body).toString("hex");
  if (ArrayBuffer.isView(body))
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("hex");
  return Buffer.from(body as ArrayBuffer).toString("hex");
}

/** What the retry layer counts, which is not part of an answer. */
export function withoutRetryCounts<T extends object>(answer: T) {
  const { attempts: _, totalRetryDelay: __, ...$metadata } = metadataOf(answer);
  return { ...answer, $metadata };
}

/** An exception reduced to what callers see of it. */
export function comparableError(error: unknown) {
  if (!(error instanceof Error)) throw new TypeError(`no error: ${error}`);
  const { $metadata: _, ...enumerable } = JSON.parse(JSON.stringify(error));
  return {
    class: error.constructor.name,
    name: error.name,
    message: error.message,
    $fault: "$fault" in error ? error.$fault : undefined,
    status: "$response" in error ? (error.$response as { statusCode: number }).statusCode : undefined,
    enumerable,
    $metadata: withoutRetryCounts(error as { $metadata?: ResponseMetadata }).$metadata,
  };
}

function metadataOf(answer: { $metadata?: ResponseMetadata }): ResponseMetadata {
  return answer.$metadata ?? {};
}
