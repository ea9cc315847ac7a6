import { S3Error } from "./s3-error.ts";

/** An upload in `aws-chunked` encoding, decoded. */
export interface DecodedUpload {
  readonly body: Uint8Array;
  /** Headers behind the last chunk, such as the checksum. Names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Decodes an upload whose body is a row of `size-in-hex CRLF bytes CRLF`, then a chunk of size 0 and
 * trailers.
 *
 * @throws {S3Error} IncompleteBody
 */
export function decodeAwsChunked(encoded: Uint8Array): DecodedUpload {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const chunks: Uint8Array[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", offset);
    const size = chunkSize(lineEnd === -1 ? "" : bytes.toString("latin1", offset, lineEnd));
    const start = lineEnd + 2;
    if (size === 0)
      return { body: Buffer.concat(chunks), trailers: parseTrailers(bytes.toString("latin1", start)) };
    if (bytes.toString("latin1", start + size, start + size + 2) !== "\r\n") throw incompleteBody();
    chunks.push(bytes.subarray(start, start + size));
    offset = start + size + 2;
  }
}

function chunkSize(line: string): number {
  if (!/^[0-9a-f]{1,8}$/i.test(line)) throw incompleteBody();
  return Number.parseInt(line, 16);
}

function parseTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}

function incompleteBody(): S3Error {
  return new S3Error(400, "IncompleteBody", "The request body is not in complete aws-chunked encoding.");
}
