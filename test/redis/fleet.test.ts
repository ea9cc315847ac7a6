import { ConsecutiveBreaker } from "cockatiel";
import { createClient } from "redis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { redisBreakerStore } from "../../lib/redis/index.ts";
import { RedisServer, redisMissing } from "../support/redis-server.ts";
import { type ScriptedClient, scriptedClient } from "../support/scripted-client.ts";

/** Sockets take as long as they take on a busy machine; nothing here is about how long. */
const PATIENCE = { timeout: 20_000 };

type Script = Parameters<typeof scriptedClient>[0];

function behaviour() {
  let server: RedisServer;
  const connections: { ping(): Promise<string>; destroy(): void }[] = [];

  beforeAll(async () => {
    server = await RedisServer.start();
  });

  afterEach(() => {
    for (const connection of connections.splice(0)) connection.destroy();
  });

  afterAll(() => server[Symbol.asyncDispose]());

  /** A process of the fleet: a client with a connection to Redis of its own. */
  async function member(script: Script, streamKey: string): Promise<ScriptedClient> {
    const connection = createClient({ url: server.url, socket: { reconnectStrategy: 20 } });
    connection.on("error", () => {});
    await connection.connect();
    connections.push(connection);
    return scriptedClient(script, {
      retry: false,
      circuitBreaker: {
        breaker: () => new ConsecutiveBreaker(3),
        store: redisBreakerStore(connection, { streamKey }),
      },
    });
  }

  /** Lets looks at the store be due until the metric has the value: what a look finds comes from a socket. */
  async function looks({ clock, metric }: ScriptedClient, name: string, labels: object, value: number) {
    await expect
      .poll(async () => {
        await clock.advance(1_100);
        return metric(name, labels as Record<string, string>);
      }, PATIENCE)
      .toBe(value);
  }

  async function openBreaker({ call, client }: ScriptedClient): Promise<void> {
    do await call();
    while ([...client.breakers].some(({ state }) => state !== "open"));
  }

  it("hears of an opening, probes for itself and goes on, and the one that opened probes when it is told", async () => {
    const [sick, well] = [await member([503], "first"), await member([200], "first")];
    await well.call();
    await looks(well, "breaker_store_up", {}, 1);
    await openBreaker(sick);
    await looks(well, "breaker_state", { state: "half_open" }, 1);
    expect((await well.call()).ok).toBe(true);
    expect(await well.metric("breaker_state", { state: "closed" })).toBe(1);
    for (const { client } of [sick, well]) client.destroy();
  });

  it("works on without Redis, says so in a metric, and takes part again when it is back", async () => {
    const [first, second] = [await member([503], "second"), await member([200], "second")];
    await second.call();
    await looks(second, "breaker_store_up", {}, 1);
    await server.kill();
    await looks(second, "breaker_store_up", {}, 0);
    expect(await second.metric("breaker_store_errors_total", {})).toBeGreaterThan(0);
    expect((await second.call()).ok).toBe(true);
    await openBreaker(first);
    expect((await first.call()).error?.name).toBe("CircuitOpenError");
    await server.restart();
    await looks(first, "breaker_store_up", {}, 1);
    await looks(second, "breaker_store_up", {}, 1);
    for (const breaker of first.client.breakers) breaker.reset();
    await openBreaker(first);
    await looks(second, "breaker_state", { state: "half_open" }, 1);
    for (const { client } of [first, second]) client.destroy();
  });

  it("takes a Redis that does not answer for one that is down, and asks it once", async () => {
    const alone = await member([200], "third");
    await alone.call();
    await looks(alone, "breaker_store_up", {}, 1);
    server.freeze();
    try {
      await looks(alone, "breaker_store_up", {}, 0);
      expect(await alone.metric("breaker_store_errors_total", { reason: "timeout" })).toBeGreaterThan(0);
      expect((await alone.call()).ok).toBe(true);
    } finally {
      server.thaw();
    }
    await looks(alone, "breaker_store_up", {}, 1);
    alone.client.destroy();
  });

  it("lets go of Redis with its client, whose connection stays its owner's", async () => {
    const { call, client, clock } = await member([200], "fourth");
    await call();
    client.destroy();
    expect(clock.pendingTimers).toBe(0);
    expect(await connections[0]?.ping()).toBe("PONG");
  });
}

if (redisMissing === undefined) describe("a fleet that shares a Redis", behaviour);
else {
  describe("redis-server is not installed, so no fleet was run on it", () => {
    it("and nothing but its absence is the reason", () => {
      expect(redisMissing).toMatchObject({ code: "ENOENT" });
    });
  });
}
