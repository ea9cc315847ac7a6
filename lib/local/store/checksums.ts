import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { S3Error } from "./s3-error.ts";

/** Checksums of S3 that Node computes by itself; CRC-32C and CRC-64/NVME are taken on trust. */
const CHECKSUMS: Readonly<Record<string, (body: Uint8Array) => string>> = {
  "content-md5": (body) => createHash("md5").update(body).digest("base64"),
  "x-amz-checksum-crc32": crc32Base64,
  "x-amz-checksum-sha1": (body) => createHash("sha1").update(body).digest("base64"),
  "x-amz-checksum-sha256": (body) => createHash("sha256").update(body).digest("base64"),
};

/** CRC-32 as S3 writes it: the four bytes, big-endian, in base64. */
export function crc32Base64(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString("base64");
}

/**
 * Checks a body against every checksum that came with it.
 *
 * @throws {S3Error} BadDigest
 */
export function verifyChecksums(body: Uint8Array, headers: Readonly<Record<string, string>>): void {
  for (const [name, compute] of Object.entries(CHECKSUMS)) {
    const stated = headers[name];
    if (stated === undefined || stated === compute(body)) continue;
    throw new S3Error(400, "BadDigest", `The ${name} you specified did not match what we received.`);
  }
}
