import { crc32 } from "./crc32.ts";
import {
  FRAME_OVERHEAD_BYTES,
  HEADER_TYPE,
  MAX_HEADERS_BYTES,
  MAX_PAYLOAD_BYTES,
  PRELUDE_BYTES,
} from "./frame-format.ts";

/** Longest name of a header, in bytes of UTF-8: its length stands in one byte. */
const MAX_NAME_BYTES = 255;

/** Longest string value, in bytes of UTF-8: the official clients write no longer one. */
const MAX_VALUE_BYTES = 32_767;

/** Bytes of a string header besides its name and value: name length, type, value length. */
const STRING_HEADER_OVERHEAD_BYTES = 4;

/**
 * One event-stream frame whose headers all are strings, in the order given.
 *
 * @throws {RangeError} for a name that is not 1 to 255 bytes, a value above 32,767 bytes, headers above
 * 131,072 bytes together, or a payload above 25,165,824 bytes
 */
export function encodeFrame(headers: Readonly<Record<string, string>>, payload: Uint8Array): Uint8Array {
  const headersLength = headersByteLength(headers);
  if (payload.length > MAX_PAYLOAD_BYTES) {
    throw new RangeError(
      `payload of a frame must be at most ${MAX_PAYLOAD_BYTES} bytes, got ${payload.length}`,
    );
  }
  const totalLength = FRAME_OVERHEAD_BYTES + headersLength + payload.length;
  const frame = Buffer.allocUnsafe(totalLength);
  frame.writeUInt32BE(totalLength, 0);
  frame.writeUInt32BE(headersLength, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  const end = writeHeaders(frame, headers);
  frame.set(payload, end);
  frame.writeUInt32BE(crc32(frame.subarray(0, totalLength - 4)), totalLength - 4);
  return frame;
}

/** The frame that carries a part of the model's answer. */
export function payloadPartFrame(bytes: Uint8Array): Uint8Array {
  return encodeFrame(PAYLOAD_PART_HEADERS, bytes);
}

const PAYLOAD_PART_HEADERS = {
  ":event-type": "PayloadPart",
  ":content-type": "application/octet-stream",
  ":message-type": "event",
};

/** The frame that ends a stream with a modelled exception; `body` has its `Message` and `ErrorCode`. */
export function exceptionFrame(type: "ModelStreamError" | "InternalStreamFailure", body: object): Uint8Array {
  const headers = {
    ":exception-type": type,
    ":content-type": "application/json",
    ":message-type": "exception",
  };
  return encodeFrame(headers, Buffer.from(JSON.stringify(body)));
}

/** The frame that ends a stream with an error outside the model. */
export function errorFrame(code: string, message: string): Uint8Array {
  const headers = { ":error-code": code, ":error-message": message, ":message-type": "error" };
  return encodeFrame(headers, new Uint8Array(0));
}

function headersByteLength(headers: Readonly<Record<string, string>>): number {
  let length = 0;
  for (const name in headers) {
    const nameLength = Buffer.byteLength(name);
    const valueLength = Buffer.byteLength(headers[name]!);
    if (nameLength === 0 || nameLength > MAX_NAME_BYTES) {
      throw new RangeError(`name of a frame header must be 1 to ${MAX_NAME_BYTES} bytes, got ${nameLength}`);
    }
    if (valueLength > MAX_VALUE_BYTES) {
      throw new RangeError(
        `frame header ${name} must be at most ${MAX_VALUE_BYTES} bytes, got ${valueLength}`,
      );
    }
    length += STRING_HEADER_OVERHEAD_BYTES + nameLength + valueLength;
  }
  if (length > MAX_HEADERS_BYTES) {
    throw new RangeError(`headers of a frame must be at most ${MAX_HEADERS_BYTES} bytes, got ${length}`);
  }
  return length;
}

/** Writes the header block and gives the offset behind it. */
function writeHeaders(frame: Buffer, headers: Readonly<Record<string, string>>): number {
  let offset = PRELUDE_BYTES;
  for (const name in headers) {
    const nameLength = frame.write(name, offset + 1);
    frame.writeUInt8(nameLength, offset);
    offset += 1 + nameLength;
    frame.writeUInt8(HEADER_TYPE.string, offset);
    const valueLength = frame.write(headers[name]!, offset + 3);
    frame.writeUInt16BE(valueLength, offset + 1);
    offset += 3 + valueLength;
  }
  return offset;
}
