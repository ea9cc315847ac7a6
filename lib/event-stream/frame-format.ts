/**
 * The layout of one event-stream frame, all integers big-endian:
 *
 * | offset | bytes | |
 * |---|---|---|
 * | 0 | 4 | length of the whole frame |
 * | 4 | 4 | length of the headers |
 * | 8 | 4 | CRC-32 of the 8 bytes before |
 * | 12 | | headers, then the payload |
 * | last 4 | 4 | CRC-32 of every byte before |
 */
export const PRELUDE_BYTES = 12;

/** What a frame has besides headers and payload: the prelude and the CRC at the end. */
export const FRAME_OVERHEAD_BYTES = 16;

/** Largest header block that the service's protocol allows in one frame, in bytes. */
export const MAX_HEADERS_BYTES = 131_072;

/** Largest payload that the service's protocol allows in one frame, in bytes (24 MiB). */
export const MAX_PAYLOAD_BYTES = 25_165_824;

/** The types of header values, by the number that stands before a value on the wire. */
export const HEADER_TYPE = {
  true: 0,
  false: 1,
  int8: 2,
  int16: 3,
  int32: 4,
  int64: 5,
  bytes: 6,
  string: 7,
  timestamp: 8,
  uuid: 9,
} as const;
