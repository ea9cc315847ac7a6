/** What a process tells the others of its fleet: one of its breakers has opened, or closed again. */
export interface BreakerNews {
  /** Who says so: an id that is another one for each client. */
  readonly source: string;
  /** What shares the breaker; see `key` of the options of `circuitBreaker`. */
  readonly key: string;
  readonly event: "opened" | "closed";
}

/**
 * Where the breakers of a fleet leave word for each other. Whatever it does, breakers decide by what they have
 * seen themselves: word of an opening makes a closed one probe early, and word of a closing an open one.
 */
export interface BreakerStore {
  /** Leaves word for the others. Rejects where it cannot: the word is then lost. */
  publish(news: BreakerNews): Promise<void>;
  /**
   * What was published since the last time, the oldest first; at the first time, what was published in the last
   * minute. It may contain what this process published. Whatever does not look like {@link BreakerNews} is left
   * out and counted.
   */
  read(): Promise<readonly unknown[]>;
}

/** The longest `key` or `source` that is passed on, in characters: names of the service have up to 1,024 in all. */
const MAX_NAME = 2_048;

/** Whether two processes can say it to each other. */
export function isPassable(name: unknown): name is string {
  return typeof name === "string" && name !== "" && name.length <= MAX_NAME;
}

/** News as they came from elsewhere; `undefined` where they are none. */
export function newsOf(value: unknown): BreakerNews | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { source, key, event } = value as Partial<Record<keyof BreakerNews, unknown>>;
  if (!isPassable(source) || !isPassable(key)) return undefined;
  if (event !== "opened" && event !== "closed") return undefined;
  return { source, key, event };
}
