import { crc32 } from "node:zlib";

/** A prelude with a right CRC, whatever lengths it announces. */
export function prelude(totalLength: number, headersLength: number): Uint8Array {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(totalLength, 0);
  bytes.writeUInt32BE(headersLength, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  return Uint8Array.from(bytes);
}

/** A frame with right CRCs around any header block. */
export function rawFrame(headerBlock: Uint8Array, payload = new Uint8Array(0)): Uint8Array {
  const totalLength = 16 + headerBlock.length + payload.length;
  const body = Buffer.concat([prelude(totalLength, headerBlock.length), headerBlock, payload]);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body), 0);
  return Uint8Array.from(Buffer.concat([body, crc]));
}
