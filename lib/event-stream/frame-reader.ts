import { checkInteger } from "../validate.ts";
import { crc32 } from "./crc32.ts";
import { FRAME_OVERHEAD_BYTES, MAX_HEADERS_BYTES, MAX_PAYLOAD_BYTES, PRELUDE_BYTES } from "./frame-format.ts";
import { decodeHeaders, type FrameHeaders } from "./frame-headers.ts";
import { invalidFrame } from "./invalid-frame.ts";

/** One message of an event stream. */
export interface Frame {
  /** Where the frame begins in the stream, in bytes. */
  readonly offset: number;
  /** May be shared with other frames of the stream. */
  readonly headers: FrameHeaders;
  /** A view of the bytes that came in, where one chunk held the whole frame; not a copy. */
  readonly payload: Uint8Array;
}

/** What a {@link FrameReader} accepts. */
export interface FrameLimits {
  /**
   * Largest header block of a frame, in bytes.
   * @default 131_072 - what the service's protocol allows
   */
  readonly maxHeadersBytes?: number;
  /**
   * Largest payload of a frame, in bytes.
   * @default 25_165_824 - what the service's protocol allows
   */
  readonly maxPayloadBytes?: number;
}

/**
 * Reads event-stream frames from bytes that are cut anywhere. The announced length of a frame is believed
 * only after the prelude's CRC and the limits were checked: nothing is allocated before.
 *
 * After an error the reader is in the middle of nowhere; do not go on with it.
 */
export class FrameReader {
  readonly #maxHeadersBytes: number;
  readonly #maxPayloadBytes: number;
  readonly #prelude = new Uint8Array(PRELUDE_BYTES);
  /** Where the frame that comes next, or is being gathered, begins in the stream. */
  #offset = 0;
  /** What arrived of a frame that came in pieces: of its prelude first, then of the whole. */
  #gathered = this.#prelude;
  #gatheredLength = 0;
  /** The last header block and what it says: nearly all frames of a stream have the same one. */
  #headerBlock = new Uint8Array(0);
  #headers: FrameHeaders = new Map();

  constructor(limits: FrameLimits = {}) {
    const { maxHeadersBytes = MAX_HEADERS_BYTES, maxPayloadBytes = MAX_PAYLOAD_BYTES } = limits;
    this.#maxHeadersBytes = checkInteger("maxHeadersBytes", maxHeadersBytes, 0, MAX_HEADERS_BYTES);
    this.#maxPayloadBytes = checkInteger(
      "maxPayloadBytes",
      maxPayloadBytes,
      0,
      MAX_UINT32 - MAX_HEADERS_BYTES,
    );
  }

  /**
   * Takes the next bytes and yields the frames that they complete. Run the generator to its end before the
   * next `push`: it reads as it is asked.
   *
   * @throws {InvalidResponseError} for a frame that breaks the protocol; frames before it come first
   */
  *push(chunk: Uint8Array): Generator<Frame, void, undefined> {
    let position = 0;
    while (position < chunk.length) {
      const left = chunk.length - position;
      if (this.#gatheredLength === 0 && left >= PRELUDE_BYTES) {
        const length = this.#checkedLength(chunk, position);
        if (left >= length) {
          yield this.#decode(chunk, position, length);
          position += length;
          continue;
        }
      }
      position += this.#gather(chunk, position);
      if (this.#isGatheredWhole()) yield this.#decodeGathered();
    }
  }

  /**
   * Says that the stream is over.
   *
   * @throws {InvalidResponseError} where it ended inside a frame, be it after one stray byte
   */
  finish(): void {
    if (this.#gatheredLength === 0) return;
    const part = this.#gathered === this.#prelude ? "bytes of its prelude" : "bytes";
    throw invalidFrame(
      this.#offset,
      `the stream ended after ${this.#gatheredLength} of ${this.#gathered.length} ${part}`,
    );
  }

  /** The length of the frame whose prelude is at `start`, once it may be believed. */
  #checkedLength(bytes: Uint8Array, start: number): number {
    const totalLength = readUint32(bytes, start);
    const headersLength = readUint32(bytes, start + 4);
    const payloadLength = totalLength - headersLength - FRAME_OVERHEAD_BYTES;
    this.#checkCrc("prelude", bytes, start, start + 8);
    if (payloadLength < 0) {
      const least = headersLength + FRAME_OVERHEAD_BYTES;
      throw invalidFrame(this.#offset, `length must be at least ${least} bytes, got ${totalLength}`);
    }
    this.#checkLimit("headers", this.#maxHeadersBytes, headersLength);
    this.#checkLimit("payload", this.#maxPayloadBytes, payloadLength);
    return totalLength;
  }

  #checkLimit(part: string, maxBytes: number, length: number): void {
    if (length <= maxBytes) return;
    throw invalidFrame(this.#offset, `${part} must be at most ${maxBytes} bytes, got ${length}`);
  }

  /** Checks the CRC that stands at `end` for the bytes from `start` to there. */
  #checkCrc(part: string, bytes: Uint8Array, start: number, end: number): void {
    const stated = readUint32(bytes, end);
    const computed = crc32(bytes.subarray(start, end));
    if (stated === computed) return;
    throw invalidFrame(this.#offset, `CRC of the ${part} must be ${hex(computed)}, got ${hex(stated)}`);
  }

  /** Copies what is missing of the prelude or of the frame, as far as the chunk has it. */
  #gather(chunk: Uint8Array, position: number): number {
    const missing = this.#gathered.length - this.#gatheredLength;
    const taken = Math.min(missing, chunk.length - position);
    this.#gathered.set(chunk.subarray(position, position + taken), this.#gatheredLength);
    this.#gatheredLength += taken;
    if (taken === missing && this.#gathered === this.#prelude) {
      this.#gathered = new Uint8Array(this.#checkedLength(this.#prelude, 0));
      this.#gathered.set(this.#prelude);
    }
    return taken;
  }

  #isGatheredWhole(): boolean {
    return this.#gatheredLength === this.#gathered.length;
  }

  #decodeGathered(): Frame {
    const bytes = this.#gathered;
    this.#gathered = this.#prelude;
    this.#gatheredLength = 0;
    return this.#decode(bytes, 0, bytes.length);
  }

  #decode(bytes: Uint8Array, start: number, length: number): Frame {
    const crcStart = start + length - 4;
    this.#checkCrc("frame", bytes, start, crcStart);
    const payloadStart = start + PRELUDE_BYTES + readUint32(bytes, start + 4);
    const headers = this.#decodeHeaders(bytes.subarray(start + PRELUDE_BYTES, payloadStart));
    // Not `subarray`: of a Buffer that is a Buffer, whose `slice` and `toString` differ from the SDK's.
    const payload = new Uint8Array(bytes.buffer, bytes.byteOffset + payloadStart, crcStart - payloadStart);
    const frame = { offset: this.#offset, headers, payload };
    this.#offset += length;
    return frame;
  }

  #decodeHeaders(block: Uint8Array): FrameHeaders {
    if (Buffer.compare(block, this.#headerBlock) !== 0) {
      const copy = Uint8Array.from(block);
      this.#headers = decodeHeaders(copy, this.#offset);
      this.#headerBlock = copy;
    }
    return this.#headers;
  }
}

const MAX_UINT32 = 0xffff_ffff;

function readUint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
