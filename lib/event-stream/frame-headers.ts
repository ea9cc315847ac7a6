import { HEADER_TYPE } from "./frame-format.ts";
import { invalidFrame } from "./invalid-frame.ts";

/**
 * The value of a header: `boolean`; `number` (int8, int16, int32); `bigint` (int64); `Uint8Array` (byte
 * array); `string` (string, and a UUID in its usual notation); `Date` (timestamp).
 */
export type HeaderValue = boolean | number | bigint | Uint8Array | string | Date;

/** The headers of a frame by name, in the order of the wire. */
export type FrameHeaders = ReadonlyMap<string, HeaderValue>;

/** Furthest from the epoch that a `Date` reaches, in milliseconds. */
const MAX_DATE_MS = 8_640_000_000_000_000n;

const UUID_GROUPS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

const utf8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes the header block of the frame that begins at `frameOffset`.
 *
 * @throws {InvalidResponseError} for a header that is cut off, unnamed, of an unknown type, or there twice
 */
export function decodeHeaders(block: Uint8Array, frameOffset: number): FrameHeaders {
  const headers = new Map<string, HeaderValue>();
  const cursor = new HeaderCursor(block, frameOffset);
  while (!cursor.isAtEnd) {
    const name = cursor.readName();
    if (headers.has(name)) throw cursor.invalid(`header ${JSON.stringify(name)} is there twice`);
    headers.set(name, cursor.readValue(name));
  }
  return headers;
}

/** Reads headers one after the other and never past the end of their block. */
class HeaderCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #frameOffset: number;
  #position = 0;

  constructor(bytes: Uint8Array, frameOffset: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#frameOffset = frameOffset;
  }

  get isAtEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  readName(): string {
    const length = this.#view.getUint8(this.#skip(1));
    if (length === 0) throw this.invalid("a header has an empty name");
    return this.#readText(length);
  }

  readValue(name: string): HeaderValue {
    const type = this.#view.getUint8(this.#skip(1));
    switch (type) {
      case HEADER_TYPE.true:
        return true;
      case HEADER_TYPE.false:
        return false;
      case HEADER_TYPE.int8:
        return this.#view.getInt8(this.#skip(1));
      case HEADER_TYPE.int16:
        return this.#view.getInt16(this.#skip(2));
      case HEADER_TYPE.int32:
        return this.#view.getInt32(this.#skip(4));
      case HEADER_TYPE.int64:
        return this.#view.getBigInt64(this.#skip(8));
      case HEADER_TYPE.bytes:
        return this.#readBytes(this.#readLength());
      case HEADER_TYPE.string:
        return this.#readText(this.#readLength());
      case HEADER_TYPE.timestamp:
        return this.#readTimestamp(name);
      case HEADER_TYPE.uuid:
        return Buffer.from(this.#readBytes(16)).toString("hex").replace(UUID_GROUPS, "$1-$2-$3-$4-$5");
      default:
        throw this.invalid(`type of header ${JSON.stringify(name)} must be 0 to 9, got ${type}`);
    }
  }

  invalid(problem: string): Error {
    return invalidFrame(this.#frameOffset, problem);
  }

  #readLength(): number {
    return this.#view.getUint16(this.#skip(2));
  }

  #readBytes(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  #readText(length: number): string {
    const bytes = this.#readBytes(length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw this.invalid("a header is not UTF-8");
    }
  }

  #readTimestamp(name: string): Date {
    const epochMs = this.#view.getBigInt64(this.#skip(8));
    if (epochMs > MAX_DATE_MS || epochMs < -MAX_DATE_MS) {
      throw this.invalid(`header ${JSON.stringify(name)} is no date: ${epochMs} ms from the epoch`);
    }
    return new Date(Number(epochMs));
  }

  /** Moves on by `length` bytes and gives the position before. */
  #skip(length: number): number {
    const start = this.#position;
    const left = this.#bytes.length - start;
    if (length > left) throw this.invalid(`headers are cut off: ${length} bytes must follow, got ${left}`);
    this.#position = start + length;
    return start;
  }
}
