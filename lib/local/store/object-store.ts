import { createHash } from "node:crypto";

/** An object as it is kept. */
export interface StoredObject {
  readonly body: Uint8Array;
  /** What the answer to a read repeats: content type and encoding, user metadata. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly lastModifiedMs: number;
}

/** Where an object is. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Keeps objects. Every bucket exists. */
export interface ObjectStore {
  get(address: ObjectAddress): Promise<StoredObject | undefined>;
  /** @throws {ObjectTooLargeError} */
  put(address: ObjectAddress, object: StoredObject): Promise<void>;
}

/** An object is above what the store may hold. */
export class ObjectTooLargeError extends Error {
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the local store holds at most ${maxBytes} bytes`);
    this.name = "ObjectTooLargeError";
    this.maxBytes = maxBytes;
  }
}

/** S3's entity tag of an object uploaded in one piece. */
export function etagOf(body: Uint8Array): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

/** `s3://bucket/key`. */
export function locationOf({ bucket, key }: ObjectAddress): string {
  return `s3://${bucket}/${key}`;
}

/** Reads `s3://bucket/key`; undefined for anything else. */
export function parseLocation(location: string): ObjectAddress | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}
