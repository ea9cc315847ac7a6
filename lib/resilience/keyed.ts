/** What {@link Keyed} holds: it marks each unit with its last use. */
export interface KeyedUnit {
  lastUsed: number;
}

/**
 * One unit of state per key, made on first use. At `capacity` the least recently used one makes room: keys
 * come from callers, and a stream of new names must not grow memory.
 *
 * A look-up costs one `Map.get`; the search for the oldest runs only when a new key meets a full map.
 */
export class Keyed<Unit extends KeyedUnit> implements Iterable<Unit> {
  #capacity: number;
  readonly #onEvict: ((unit: Unit) => void) | undefined;
  readonly #units = new Map<string, Unit>();
  #uses = 0;

  constructor(capacity: number, onEvict?: (unit: Unit) => void) {
    this.#capacity = capacity;
    this.#onEvict = onEvict;
  }

  get(key: string): Unit | undefined {
    const unit = this.#units.get(key);
    if (unit !== undefined) unit.lastUsed = ++this.#uses;
    return unit;
  }

  /** The unit of a key that is looked at and not used. */
  peek(key: string): Unit | undefined {
    return this.#units.get(key);
  }

  /** Keeps so many from now on: where there are more, the least recently used go. */
  resize(capacity: number): void {
    this.#capacity = capacity;
    const surplus = this.#units.size - capacity;
    if (surplus <= 0) return;
    // One order for all that go: a search for each would hold the event loop up, where thousands do.
    const byLastUse = [...this.#units].sort(([, a], [, b]) => a.lastUsed - b.lastUsed);
    for (const [key, unit] of byLastUse.slice(0, surplus)) this.#evict(key, unit);
  }

  add(key: string, unit: Unit): Unit {
    if (this.#units.size >= this.#capacity) this.#evictOldest();
    unit.lastUsed = ++this.#uses;
    this.#units.set(key, unit);
    return unit;
  }

  get size(): number {
    return this.#units.size;
  }

  [Symbol.iterator](): Iterator<Unit> {
    return this.#units.values();
  }

  /** Forgets every key. */
  clear(): void {
    const units = [...this.#units.values()];
    this.#units.clear();
    for (const unit of units) this.#onEvict?.(unit);
  }

  #evictOldest(): void {
    let oldest: readonly [string, Unit] | undefined;
    for (const entry of this.#units) {
      if (oldest === undefined || entry[1].lastUsed < oldest[1].lastUsed) oldest = entry;
    }
    if (oldest !== undefined) this.#evict(...oldest);
  }

  #evict(key: string, unit: Unit): void {
    this.#units.delete(key);
    this.#onEvict?.(unit);
  }
}
