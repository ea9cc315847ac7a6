import type { BreakerNews, BreakerStore } from "../resilience/breaker/breaker-store.ts";
import { checkKeys, invalidOption, show } from "../validate.ts";

/** What is used of a client of the `redis` package, version 4 or later. */
export interface RedisClientLike {
  /** Whether it is connected: otherwise it would keep commands until it is. */
  readonly isReady: boolean;
  sendCommand(args: string[]): Promise<unknown>;
}

export interface RedisBreakerStoreOptions {
  /**
   * Key of the stream that the breakers of a fleet share. Breakers know each other by the names of endpoint,
   * variant and so on: give each stage, account and region a stream of its own.
   * @default "holdfast:breakers"
   */
  streamKey?: string;
}

/** How far back the first look goes, in milliseconds: whoever is open says so again within that time. */
const LOOK_BACK_MS = 60_000;

/** How long the stream is kept after the last word, in milliseconds. */
const KEEP_MS = 600_000;

/** Entries that Redis keeps, about: a fleet of a thousand processes that all open leaves one each. */
const MOST_ENTRIES = "10000";

/**
 * A {@link BreakerStore} in one stream of Redis 6.2 or later (`XADD`, `XRANGE`, `PEXPIRE`, `TIME`).
 *
 * The client stays yours: to connect, to listen to for `error`, and to close. It may be busy with other things,
 * but must not be one of a cluster, whose commands need a key to find their way. While it is not connected
 * nothing is sent: a process without Redis is on its own, and says so in `sagemaker_client_breaker_store_up`.
 *
 * @throws {RangeError} for something that is no client, or an option out of range
 */
export function redisBreakerStore(
  client: RedisClientLike,
  options: RedisBreakerStoreOptions = {},
): BreakerStore {
  checkKeys("redisBreakerStore", options, ["streamKey"]);
  if (typeof client?.sendCommand !== "function" || typeof client.isReady !== "boolean")
    throw invalidOption("redisBreakerStore: client", "a client of the redis package", client);
  const { streamKey = "holdfast:breakers" } = options;
  if (typeof streamKey !== "string" || streamKey === "")
    throw invalidOption("redisBreakerStore.streamKey", "a name", streamKey);
  return new RedisBreakerStore(client, streamKey);
}

class RedisBreakerStore implements BreakerStore {
  readonly #client: RedisClientLike;
  readonly #streamKey: string;
  /** The last entry that was read; `undefined` before the first look and after one that failed. */
  #lastId: string | undefined;
  /** The last one ever read, so that a look after a failed one reads nothing twice. */
  #lastSeen = "0-0";

  constructor(client: RedisClientLike, streamKey: string) {
    this.#client = client;
    this.#streamKey = streamKey;
  }

  async publish(news: BreakerNews): Promise<void> {
    const added = ["XADD", this.#streamKey, "MAXLEN", "~", MOST_ENTRIES, "*", "news", JSON.stringify(news)];
    await Promise.all([this.#send(added), this.#send(["PEXPIRE", this.#streamKey, String(KEEP_MS)])]);
  }

  async read(): Promise<readonly unknown[]> {
    const after = this.#lastId ?? (await this.#firstId());
    this.#lastId = undefined;
    const reply = await this.#send(["XRANGE", this.#streamKey, `(${after}`, "+", "COUNT", MOST_ENTRIES]);
    const entries = rowsOf(reply);
    const last = entries.at(-1)?.[0];
    this.#lastSeen = last === undefined ? after : textOf(last);
    this.#lastId = this.#lastSeen;
    return entries.map(contentOf);
  }

  /** By the clock of Redis, which gives entries their ids: those of the fleet's machines may differ. */
  async #firstId(): Promise<string> {
    const reply = await this.#send(["TIME"]);
    const seconds = Array.isArray(reply) ? Number(reply[0]) : Number.NaN;
    if (!Number.isSafeInteger(seconds)) throw unexpected("TIME", reply);
    const lookBackMs = Math.max(0, seconds * 1_000 - LOOK_BACK_MS);
    return Number(this.#lastSeen.split("-")[0]) > lookBackMs ? this.#lastSeen : `${lookBackMs}-0`;
  }

  async #send(args: string[]): Promise<unknown> {
    if (!this.#client.isReady) throw new Error("the redis client is not connected");
    return this.#client.sendCommand(args);
  }
}

/** Replies come from the network: what is no list of entries is refused, what is no entry is left to the reader. */
function rowsOf(reply: unknown): readonly (readonly unknown[])[] {
  if (!Array.isArray(reply)) throw unexpected("XRANGE", reply);
  for (const row of reply) if (!Array.isArray(row)) throw unexpected("XRANGE", row);
  return reply;
}

/** What was published; `undefined` where the entry holds something else. */
function contentOf([, fields]: readonly unknown[]): unknown {
  if (!Array.isArray(fields) || textOf(fields[0]) !== "news") return undefined;
  try {
    return JSON.parse(textOf(fields[1]));
  } catch {
    return undefined;
  }
}

/** A client may be set to reply with buffers. */
function textOf(value: unknown): string {
  return typeof value === "string" || Buffer.isBuffer(value) ? String(value) : "";
}

function unexpected(command: string, reply: unknown): Error {
  return new Error(`unexpected reply of redis to ${command}: ${show(reply)}`);
}
