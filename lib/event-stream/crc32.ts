let zlib: typeof import("node:zlib") | undefined;

/** CRC-32, as the frames of an event stream have it. `node:zlib` is loaded with the first: most programs read no stream. */
export function crc32(bytes: Uint8Array): number {
  zlib ??= process.getBuiltinModule("node:zlib");
  return zlib.crc32(bytes);
}
