/** The bytes of an answer: a `Uint8Array` that can also be read as text, as the official client's. */
export class ResponseBytes extends Uint8Array<ArrayBufferLike> {
  /** The same memory under this class; nothing is copied. */
  static over(bytes: Uint8Array): ResponseBytes {
    return new ResponseBytes(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * The bytes as text.
   *
   * @param encoding any of Node's: `utf-8` (the default), `base64`, `hex`, `latin1`...
   * @throws {RangeError} for a name that is no encoding
   */
  transformToString(encoding = "utf-8"): string {
    if (!Buffer.isEncoding(encoding)) {
      throw new RangeError(
        `encoding must be one that Buffer knows, such as "utf-8" or "base64", got "${encoding}"`,
      );
    }
    return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString(encoding);
  }
}
