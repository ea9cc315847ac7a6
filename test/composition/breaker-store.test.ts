import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { BreakerLog } from "../support/breaker-log.ts";
import { scriptedClient } from "../support/scripted-client.ts";

/** A client of a fleet: it opens at the third failure, and sees the others through `log`. */
function member(log: BreakerLog, script: Parameters<typeof scriptedClient>[0]) {
  return scriptedClient(script, {
    retry: false,
    circuitBreaker: { breaker: () => new ConsecutiveBreaker(3), store: log.reader() },
  });
}

type Member = ReturnType<typeof member>;

/** Calls until the breaker is open; it may have heard of another one, and probe early on the way. */
async function openBreaker({ call, client }: Member): Promise<void> {
  do await call();
  while ([...client.breakers].some(({ state }) => state !== "open"));
}

/** The series of a metric, as they are exposed. */
async function series({ registry }: Member, name: string): Promise<string[]> {
  const lines = (await registry.metrics()).split("\n");
  return lines.filter((line) => line.startsWith(`sagemaker_client_${name}`));
}

describe("breakers of a fleet", () => {
  it("probe early when another process's has opened, and go on if the target is well for them", async () => {
    const log = new BreakerLog();
    const [sick, well] = [member(log, [503]), member(log, [200])];
    expect((await well.call()).ok).toBe(true);
    await openBreaker(sick);
    expect((await sick.call()).error?.name).toBe("CircuitOpenError");
    await well.clock.advance(1_000);
    expect(await well.metric("breaker_state", { state: "half_open" })).toBe(1);
    expect((await well.call()).ok).toBe(true);
    expect(await well.metric("breaker_state", { state: "closed" })).toBe(1);
    expect(await well.metric("breaker_transitions_total", { to: "open" })).toBe(0);
  });

  it("open after their three probes where the target is down for them too", async () => {
    const log = new BreakerLog();
    const [first, second] = [member(log, [503]), member(log, [200, 503])];
    await second.call();
    await openBreaker(first);
    await second.clock.advance(1_000);
    for (let i = 0; i < 3; i++) expect((await second.call()).error?.name).toBe("ServiceUnavailable");
    expect((await second.call()).error).toMatchObject({ name: "CircuitOpenError", openCause: "failure" });
    expect(second.network.requests.length).toBe(4);
  });

  it("refuse what comes beside the probes, by a name of its own", async () => {
    const log = new BreakerLog();
    const [sick, waiting] = [member(log, [503]), member(log, [200, "silence"])];
    await waiting.call();
    await openBreaker(sick);
    await waiting.clock.advance(1_000);
    for (let i = 0; i < 3; i++) void waiting.call();
    expect((await waiting.call()).error).toMatchObject({ name: "CircuitOpenError", openCause: "fleet" });
    await waiting.clock.advance(5_000);
    void waiting.call();
    await waiting.clock.advance(0);
    expect(waiting.network.requests.length).toBe(5);
  });

  it("probe at once when another process's has closed", async () => {
    const log = new BreakerLog();
    const [first, second] = [member(log, [503]), member(log, [503])];
    await openBreaker(first);
    await openBreaker(second);
    for (const { network } of [first, second]) network.answerWith(200);
    await first.clock.advance(5_000);
    for (let i = 0; i < 3; i++) expect((await first.call()).ok).toBe(true);
    expect((await second.call()).ok).toBe(false);
    await second.clock.advance(1_000);
    expect((await second.call()).ok).toBe(true);
  });

  it("are on their own while the store is down, and say so", async () => {
    const log = new BreakerLog();
    const alone = member(log, [503]);
    log.state = "down";
    await openBreaker(alone);
    expect((await alone.call()).error?.name).toBe("CircuitOpenError");
    expect(await alone.metric("breaker_store_up", {})).toBe(0);
    // One look, and one word that was not taken.
    expect(await alone.metric("breaker_store_errors_total", { reason: "error" })).toBe(2);
    log.state = "up";
    await alone.clock.advance(1_000);
    expect(await alone.metric("breaker_store_up", {})).toBe(1);
  });

  it("let go of the store with their client, and keep what was counted", async () => {
    const log = new BreakerLog();
    const fleetMember = member(log, [200]);
    const { call, client, clock, metric } = fleetMember;
    log.entries.push("nonsense");
    await call();
    await clock.advance(1_000);
    client.destroy();
    expect(clock.pendingTimers).toBe(0);
    const { reads } = log;
    await clock.advance(10_000);
    expect(log.reads).toBe(reads);
    expect(await series(fleetMember, "breaker_store_up")).toEqual([]);
    expect(await metric("breaker_store_errors_total", { reason: "malformed" })).toBe(1);
  });

  it("have no timer and no metric of a store where there is none", async () => {
    const alone = scriptedClient([200]);
    await alone.call();
    expect(alone.clock.pendingTimers).toBe(0);
    expect(await series(alone, "breaker_store")).toEqual([]);
  });

  it.each([
    [
      { store: {} },
      "circuitBreaker.store must be an object with the functions publish and read, got an object",
    ],
    [{ store: null }, "circuitBreaker.store must be an object with the functions publish and read, got null"],
    [{ storePollMs: 0 }, "circuitBreaker.storePollMs must be a number of milliseconds above 0"],
  ])("refuse %o by name", (circuitBreaker, message) => {
    expect(() => scriptedClient([200], { circuitBreaker: circuitBreaker as object })).toThrow(message);
  });
});
