let zlib: typeof import("node:zlib") | undefined;

/** CRC-32 as the frames of an event stream have it. What Node has it in is loaded with the first: most calls read no stream. */
export function crc32(bytes: Uint8Array): number {
  zlib ??= process.getBuiltinModule("node:zlib");
  return zlib.crc32(bytes);
}
