import { createClient, RESP_TYPES } from "redis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RedisClientLike, redisBreakerStore } from "../../lib/redis/index.ts";
import type { BreakerNews } from "../../lib/resilience/breaker/breaker-store.ts";
import { RedisServer, redisMissing } from "../support/redis-server.ts";

/** Sockets take as long as they take on a busy machine; nothing here is about how long. */
const PATIENCE = { timeout: 20_000 };

const STREAM = "holdfast:breakers";

/** Word of the breaker `key` of the process `source`. */
const opened = (key: string, source = "a"): BreakerNews => ({ source, key, event: "opened" });

function behaviour() {
  let server: RedisServer;
  let client: ReturnType<typeof createClient>;

  beforeAll(async () => {
    server = await RedisServer.start();
    client = createClient({ url: server.url });
    await client.connect();
  });

  beforeEach(async () => {
    await client.flushAll();
  });

  afterAll(async () => {
    client.destroy();
    await server[Symbol.asyncDispose]();
  });

  /** Adds an entry that was made so many milliseconds ago by the clock of Redis. */
  async function addAged(ageMs: number, value: string, field = "news"): Promise<void> {
    const [seconds] = (await client.sendCommand(["TIME"])) as unknown as [string];
    const id = `${Number(seconds) * 1_000 - ageMs}-0`;
    await client.sendCommand(["XADD", STREAM, id, field, value]);
  }

  it("gives each process what was published since it last looked, in order and once", async () => {
    const [a, b] = [redisBreakerStore(client), redisBreakerStore(client)];
    expect(await b.read()).toEqual([]);
    await a.publish(opened("churn"));
    await a.publish({ source: "a", key: "churn", event: "closed" });
    expect(await b.read()).toEqual([opened("churn"), { source: "a", key: "churn", event: "closed" }]);
    expect(await b.read()).toEqual([]);
    await b.publish(opened("fraud", "b"));
    expect(await b.read()).toEqual([opened("fraud", "b")]);
    expect((await a.read()).length).toBe(3);
  });

  it("gives a process that has just begun what was published in the last minute", async () => {
    await addAged(62_000, JSON.stringify(opened("old")));
    await addAged(58_000, JSON.stringify(opened("young")));
    expect(await redisBreakerStore(client).read()).toEqual([opened("young")]);
  });

  it("gives what is no news as it came, for the reader to refuse", async () => {
    await addAged(4_000, "{not json");
    await addAged(3_000, JSON.stringify(opened("churn")), "other");
    await addAged(2_000, "[1]");
    await addAged(1_000, JSON.stringify(opened("churn")));
    expect(await redisBreakerStore(client).read()).toEqual([undefined, undefined, [1], opened("churn")]);
  });

  it("reads replies that are buffers", async () => {
    const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    const store = redisBreakerStore(buffers as unknown as RedisClientLike);
    await store.publish(opened("churn"));
    expect(await store.read()).toEqual([opened("churn")]);
    expect(await store.read()).toEqual([]);
  });

  it("shares only what has the same stream", async () => {
    const staging = redisBreakerStore(client, { streamKey: "staging" });
    await redisBreakerStore(client).publish(opened("churn"));
    expect(await staging.read()).toEqual([]);
    await staging.publish(opened("churn"));
    expect((await staging.read()).length).toBe(1);
  });

  it("leaves nothing behind for longer than ten minutes, and not more than some ten thousand entries", async () => {
    const store = redisBreakerStore(client);
    await store.publish(opened("churn"));
    expect(await client.pTTL(STREAM)).toBeGreaterThan(590_000);
    expect(await client.pTTL(STREAM)).toBeLessThanOrEqual(600_000);
    const fill = "for i = 1, 11000 do redis.call('XADD', KEYS[1], '*', 'news', '{}') end";
    await client.eval(fill, { keys: [STREAM] });
    await store.publish(opened("churn"));
    expect(await client.xLen(STREAM)).toBeLessThan(10_200);
  });

  it("rejects where its key holds something else", async () => {
    await client.set(STREAM, "x");
    const store = redisBreakerStore(client);
    await expect(store.read()).rejects.toThrow("WRONGTYPE");
    await expect(store.publish(opened("churn"))).rejects.toThrow("WRONGTYPE");
  });

  it("rejects at once without a connection, and reads on where it was when there is one again", async () => {
    await using own = await RedisServer.start();
    const losing = createClient({ url: own.url, socket: { reconnectStrategy: 20 } });
    losing.on("error", () => {});
    await losing.connect();
    const store = redisBreakerStore(losing);
    await store.publish(opened("churn"));
    expect((await store.read()).length).toBe(1);
    await own.kill();
    await expect.poll(() => losing.isReady, PATIENCE).toBe(false);
    await expect(store.read()).rejects.toThrow("the redis client is not connected");
    await expect(store.publish(opened("lost"))).rejects.toThrow("the redis client is not connected");
    await own.restart();
    await expect.poll(() => losing.isReady, PATIENCE).toBe(true);
    expect(await store.read()).toEqual([]);
    await store.publish(opened("fraud"));
    expect(await store.read()).toEqual([opened("fraud")]);
    losing.destroy();
  });

  it("reads nothing twice after a look that failed", async () => {
    const store = redisBreakerStore(client);
    await store.publish(opened("churn"));
    expect((await store.read()).length).toBe(1);
    await client.rename(STREAM, "aside");
    await client.set(STREAM, "x");
    await expect(store.read()).rejects.toThrow("WRONGTYPE");
    await client.rename("aside", STREAM);
    expect(await store.read()).toEqual([]);
  });
}

if (redisMissing === undefined) describe("a breaker store in Redis", behaviour);
else {
  describe("redis-server is not installed, so the breaker store was not tested against it", () => {
    it("and nothing but its absence is the reason", () => {
      expect(redisMissing).toMatchObject({ code: "ENOENT" });
    });
  });
}

describe("what comes back from a server that is none of Redis's", () => {
  const replying = (reply: unknown): RedisClientLike => ({
    isReady: true,
    sendCommand: async ([command]) => (command === "TIME" ? ["1767323045", "1"] : reply),
  });

  it.each([
    ["no list", "PONG", 'unexpected reply of redis to XRANGE: "PONG"'],
    ["a list of no entries", ["1-0"], 'unexpected reply of redis to XRANGE: "1-0"'],
    ["nothing", null, "unexpected reply of redis to XRANGE: null"],
  ])("is refused where it is %s", async (_name, reply, message) => {
    await expect(redisBreakerStore(replying(reply)).read()).rejects.toThrow(message);
  });

  it("is refused where it is not the time", async () => {
    const client = { isReady: true, sendCommand: async () => ["noon"] };
    await expect(redisBreakerStore(client).read()).rejects.toThrow("unexpected reply of redis to TIME");
  });

  it("is left to the reader where an entry is empty", async () => {
    expect(await redisBreakerStore(replying([["1-0"], ["2-0", []], ["3-0", ["news", 5]]])).read()).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("redisBreakerStore", () => {
  const client: RedisClientLike = { isReady: true, sendCommand: async () => undefined };

  it.each([
    [null, {}, "redisBreakerStore: client must be a client of the redis package, got null"],
    [
      { sendCommand() {} },
      {},
      "redisBreakerStore: client must be a client of the redis package, got an object",
    ],
    [client, { streamKey: "" }, 'redisBreakerStore.streamKey must be a name, got ""'],
    [client, { stream: "x" } as object, "redisBreakerStore.stream is not an option; known here: streamKey"],
  ])("refuses %o with %o by name", (given, options, message) => {
    expect(() => redisBreakerStore(given as RedisClientLike, options)).toThrow(message);
  });
});
