import { hash } from "node:crypto";
import { types } from "node:util";

/** A payload that can be hashed and sent as it stands, as often as the call is repeated. */
export type Payload = string | ArrayBufferLike | ArrayBufferView;

/** A payload that was made into bytes and hashed, for a call that is sent elsewhere with the same one. */
export interface HashedPayload {
  /** The `Body` of the input that the bytes were made of. */
  readonly body: unknown;
  readonly bytes: Uint8Array;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

/** The most bytes of a payload where the service's API model has no limit. */
export const ANY_SIZE = Number.POSITIVE_INFINITY;

/** By kind and not by class, so that buffers of another realm (a test runner's sandbox) count. */
export function isPayload(value: unknown): value is Payload {
  return typeof value === "string" || ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value);
}

/** Size on the wire in bytes. */
export function payloadBytes(payload: Payload): number {
  return typeof payload === "string" ? Buffer.byteLength(payload) : payload.byteLength;
}

/** The payload's bytes: text as UTF-8, memory as it is and not copied. */
export function toBytes(payload: Payload): Uint8Array {
  if (typeof payload === "string") return Buffer.from(payload);
  if (payload instanceof Uint8Array) return payload;
  if (ArrayBuffer.isView(payload))
    return new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
  return new Uint8Array(payload);
}

/** SHA-256 in hexadecimal, as `x-amz-content-sha256` has it. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}
