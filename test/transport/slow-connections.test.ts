import dns from "node:dns";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answers, resets, silence } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { failureOf, loopback } from "../support/loopback-client.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const ONCE = { retry: false, circuitBreaker: false, callTimeoutMs: 100 } as const;

/** Holds up each look-up of a name until the test lets it go on. */
function holdLookUps() {
  const held: (() => void)[] = [];
  const lookUp = dns.lookup;
  vi.spyOn(dns, "lookup").mockImplementation(((...args: Parameters<typeof dns.lookup>) => {
    held.push(() => lookUp(...args));
  }) as typeof dns.lookup);
  return {
    get count() {
      return held.length;
    },
    goOn: (index: number) => held[index]!(),
  };
}

describe("a connection that takes longer to be made than its call may take", () => {
  it("carries the next call", async () => {
    const { server, caller } = await loopback([answers()], ONCE);
    const lookUps = holdLookUps();
    const first = failureOf(caller.invoke());
    await caller.clock.advance(100);
    expect(await first).toMatchObject({ name: "TimeoutError", clock: "call", mayHaveExecuted: false });
    lookUps.goOn(0);
    await server.until(() => server.connections === 1);
    await turns(5);
    await caller.invoke();
    expect([lookUps.count, server.connections]).toEqual([1, 1]);
  });

  it("carries a call that waits for a connection", async () => {
    const { server, caller } = await loopback([answers()], { ...ONCE, maxSockets: 1 });
    const lookUps = holdLookUps();
    const first = failureOf(caller.invoke());
    await caller.clock.advance(60);
    const second = caller.invoke();
    await caller.clock.advance(60);
    lookUps.goOn(0);
    expect((await second).Body.transformToString()).toBe("7");
    expect(await first).toMatchObject({ clock: "call" });
    expect([lookUps.count, server.connections]).toEqual([1, 1]);
  });

  it.each([
    ["rests by then", answers()],
    ["carries one by then", silence],
  ])("is not closed a second later, where it %s", async (_, first) => {
    const { server, caller } = await loopback([first, answers()], { ...ONCE, callTimeoutMs: 5_000 });
    const lookUps = holdLookUps();
    const abort = new AbortController();
    const given = failureOf(caller.invoke({ abortSignal: abort.signal }));
    await turns(3);
    abort.abort();
    await given;
    lookUps.goOn(0);
    await server.until(() => server.connections === 1);
    await turns(5);
    const second = caller.invoke();
    await server.received(1);
    if (first !== silence) await second;
    await caller.clock.advance(1_000);
    if (first === silence) answers()(server.requests[0]!);
    await second;
    await caller.invoke();
    expect([lookUps.count, server.connections]).toEqual([1, 1]);
  });

  it("makes room for another one after a second more", async () => {
    const { caller } = await loopback([answers()], {
      ...ONCE,
      maxSockets: 1,
      callTimeoutMs: 1_500,
      timeouts: { connectMs: 60_000 },
    });
    const lookUps = holdLookUps();
    const first = failureOf(caller.invoke());
    await caller.clock.advance(1_500);
    const second = caller.invoke();
    await caller.clock.advance(999);
    await turns(3);
    expect(lookUps.count).toBe(1);
    await caller.clock.advance(1);
    await turns(3);
    lookUps.goOn(1);
    expect((await second).Body.transformToString()).toBe("7");
    expect(await first).toMatchObject({ clock: "call" });
  });

  it("is closed where the client is, whenever that call was given up", async () => {
    const { server, caller } = await loopback([answers()], ONCE);
    const lookUps = holdLookUps();
    const abort = new AbortController();
    const before = failureOf(caller.invoke());
    await caller.clock.advance(100);
    const after = failureOf(caller.invoke({ abortSignal: abort.signal }));
    const closed = caller.client.close();
    abort.abort();
    await Promise.all([before, after, closed]);
    lookUps.goOn(0);
    lookUps.goOn(1);
    await turns(5);
    expect(server.connections).toBe(0);
  });

  it("may have been closed by its server by the time of the next call, which is then sent again", async () => {
    const { server, caller } = await loopback([resets, answers()], ONCE);
    const lookUps = holdLookUps();
    const first = failureOf(caller.invoke());
    await caller.clock.advance(100);
    await first;
    lookUps.goOn(0);
    await server.until(() => server.connections === 1);
    await turns(5);
    const second = caller.invoke();
    await vi.waitUntil(() => lookUps.count === 2);
    lookUps.goOn(1);
    expect((await second).$metadata.attempts).toBe(1);
  });
});
