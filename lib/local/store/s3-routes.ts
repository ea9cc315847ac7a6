import type { QueryParameterBag } from "@smithy/types";
import type { Exchange } from "../http/exchange.ts";
import { decodeAwsChunked } from "./aws-chunked.ts";
import { type ByteRange, parseRange } from "./byte-range.ts";
import { crc32Base64, verifyChecksums } from "./checksums.ts";
import { etagOf, type ObjectAddress, type ObjectStore, type StoredObject } from "./object-store.ts";
import { S3Error } from "./s3-error.ts";

/** One verified request for an object. */
export interface ObjectRequest {
  readonly method: string;
  readonly address: ObjectAddress;
  readonly query: QueryParameterBag;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly nowMs: number;
}

/** The object operations that are served, by method. */
export const OBJECT_OPERATIONS: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "HeadObject",
  PUT: "PutObject",
};

/** Headers of an upload that a later read gets back, besides `x-amz-meta-*`. */
const KEPT_HEADERS = ["content-type", "content-disposition", "content-language", "cache-control", "expires"];

/**
 * Serves GetObject, HeadObject or PutObject.
 *
 * @throws {S3Error}
 */
export async function serveObject(
  store: ObjectStore,
  request: ObjectRequest,
  exchange: Exchange,
): Promise<void> {
  refuseOtherOperations(request);
  if (request.method === "PUT") return putObject(store, request, exchange);
  const object = await store.get(request.address);
  if (object === undefined) throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
  const range = parseRange(request.headers.range, object.body.length);
  const headers = { ...readHeaders(object), ...checksumHeaders(object, range, request.headers) };
  if (range === undefined) {
    const length = { "content-length": String(object.body.length) };
    await exchange.answer(200, { ...headers, ...length }, request.method === "HEAD" ? "" : object.body);
    return;
  }
  const { first, last } = range;
  const contentRange = `bytes ${first}-${last}/${object.body.length}`;
  const partHeaders = {
    ...headers,
    "content-range": contentRange,
    "content-length": String(last - first + 1),
  };
  await exchange.answer(206, partHeaders, object.body.subarray(first, last + 1));
}

function refuseOtherOperations({ method, address, query, headers }: ObjectRequest): void {
  const subresource = Object.keys(query).find((name) => name !== "x-id");
  const isServed = method in OBJECT_OPERATIONS && subresource === undefined && address.key !== "";
  if (isServed && headers["x-amz-copy-source"] === undefined) return;
  const served = Object.values(OBJECT_OPERATIONS).join(", ");
  throw new S3Error(
    501,
    "NotImplemented",
    `The local store serves ${served} of whole objects only; every bucket exists.`,
  );
}

async function putObject(store: ObjectStore, request: ObjectRequest, exchange: Exchange): Promise<void> {
  const { body, headers } = receivedUpload(request);
  verifyChecksums(body, headers);
  await store.put(request.address, { body, headers: keptHeaders(headers), lastModifiedMs: request.nowMs });
  await exchange.answer(200, { etag: etagOf(body), "x-amz-checksum-crc32": crc32Base64(body) });
}

/** The bytes and headers of an upload; trailers count as headers. */
function receivedUpload({ headers, body }: ObjectRequest): Pick<StoredObject, "body" | "headers"> {
  if (headers["x-amz-content-sha256"] !== "STREAMING-UNSIGNED-PAYLOAD-TRAILER") return { body, headers };
  const upload = decodeAwsChunked(body);
  const stated = headers["x-amz-decoded-content-length"];
  if (stated !== undefined && Number(stated) !== upload.body.length) {
    throw new S3Error(
      400,
      "IncompleteBody",
      `The upload has ${upload.body.length} bytes, not the ${stated} it states.`,
    );
  }
  return { body: upload.body, headers: { ...headers, ...upload.trailers } };
}

function keptHeaders(headers: StoredObject["headers"]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (KEPT_HEADERS.includes(name) || name.startsWith("x-amz-meta-")) kept[name] = value;
  }
  const encodings = headers["content-encoding"]?.split(",").map((encoding) => encoding.trim()) ?? [];
  const encoding = encodings.filter((name) => name !== "aws-chunked").join(",");
  return encoding === "" ? kept : { ...kept, "content-encoding": encoding };
}

function readHeaders({ headers, body, lastModifiedMs }: StoredObject): Record<string, string> {
  return {
    "content-type": "binary/octet-stream",
    ...headers,
    etag: etagOf(body),
    "last-modified": new Date(lastModifiedMs).toUTCString(),
    "accept-ranges": "bytes",
  };
}

/** A client that asks for checksums gets that of the whole object, which fits no part of it. */
function checksumHeaders(
  { body }: StoredObject,
  range: ByteRange | undefined,
  { "x-amz-checksum-mode": mode }: Readonly<Record<string, string>>,
): Record<string, string> {
  if (mode !== "ENABLED" || range !== undefined) return {};
  return { "x-amz-checksum-crc32": crc32Base64(body), "x-amz-checksum-type": "FULL_OBJECT" };
}
