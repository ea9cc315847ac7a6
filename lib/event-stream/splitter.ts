/** Cuts payloads, which begin and end anywhere, into whole items. */
export interface Splitter<T> {
  /** Takes the next bytes and yields the items that they complete. Run it to its end before the next `push`. */
  push(bytes: Uint8Array): Iterable<T>;
  /** Yields the item that the end of the stream completes, if one was begun. */
  flush(): Iterable<T>;
}
