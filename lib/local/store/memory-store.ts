import {
  type ObjectAddress,
  type ObjectStore,
  ObjectTooLargeError,
  type StoredObject,
} from "./object-store.ts";

/** What the store holds in memory at most: enough for a test's results, small beside a process's heap. */
export const MEMORY_STORE_MAX_BYTES = 268_435_456;

/** Keeps objects in memory and drops those written longest ago when it is full. */
export class MemoryStore implements ObjectStore {
  #maxBytes: number;
  #bytes = 0;
  /** In the order of writing. */
  #objects = new Map<string, StoredObject>();

  constructor(maxBytes = MEMORY_STORE_MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  async get({ bucket, key }: ObjectAddress): Promise<StoredObject | undefined> {
    return this.#objects.get(`${bucket}/${key}`);
  }

  async put({ bucket, key }: ObjectAddress, object: StoredObject): Promise<void> {
    if (object.body.length > this.#maxBytes) throw new ObjectTooLargeError(this.#maxBytes);
    const name = `${bucket}/${key}`;
    this.#drop(name);
    this.#objects.set(name, object);
    this.#bytes += object.body.length;
    for (const oldest of this.#objects.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    this.#bytes -= this.#objects.get(name)?.body.length ?? 0;
    this.#objects.delete(name);
  }
}
