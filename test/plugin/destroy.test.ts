import { describe, expect, it } from "vitest";
import { unavailable } from "../support/behaviours.ts";
import { BreakerLog } from "../support/breaker-log.ts";
import { FaultyServer } from "../support/faulty-server.ts";
import { failureOf, ResilientClient } from "../support/resilient-client.ts";

const GAUGES = ["breaker_state", "concurrency_limit", "breaker_store_up"];

/** A client that has called, and reads a store of breakers. */
async function calledClient(isExtended: boolean) {
  const log = new BreakerLog();
  const { url } = await FaultyServer.start([unavailable]);
  const options = { retry: { maxAttempts: 1 }, circuitBreaker: { store: log.reader() } };
  const caller = new ResilientClient(url, options, { isExtended });
  await failureOf(caller.invoke());
  await caller.clock.advance(1_000);
  return { caller, log };
}

/** The gauges that show something of a breaker, a limit or a store. */
async function gaugesOf(caller: ResilientClient): Promise<string[]> {
  const values = await Promise.all(GAUGES.map((name) => caller.metric(name)));
  return GAUGES.filter((_, place) => values[place] !== 0);
}

describe("a client of the AWS SDK that is destroyed", () => {
  it("leaves no breaker and no limit in the metrics, and reads no store any more", async () => {
    const { caller, log } = await calledClient(true);
    expect(await gaugesOf(caller)).toEqual(GAUGES);
    caller.client.destroy();
    expect(await gaugesOf(caller)).toEqual([]);
    expect(caller.clock.pendingTimers).toBe(0);
    const { reads } = log;
    await caller.clock.advance(10_000);
    expect(log.reads).toBe(reads);
    expect(await caller.metric("requests_total")).toBe(1);
  });

  it("keeps them where the layers are no extension, as nothing tells them", async () => {
    const { caller } = await calledClient(false);
    caller.client.destroy();
    expect(await gaugesOf(caller)).toEqual(GAUGES);
  });
});
