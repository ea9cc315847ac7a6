import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, onTestFinished } from "vitest";
import { answers, silence } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { failureOf, loopback } from "../support/loopback-client.ts";

const UNLIMITED = { concurrencyLimit: false, circuitBreaker: false, retry: false } as const;

/** Counts the connections that this process begins to make from here to the end of the test. */
function countConnecting(): { count: number } {
  const connecting = { count: 0 };
  const note = () => {
    connecting.count++;
  };
  subscribe("net.client.socket", note);
  onTestFinished(() => void unsubscribe("net.client.socket", note));
  return connecting;
}

describe("calls that queue for a connection", () => {
  it.each(["destroy", "abort", "deadline"] as const)(
    "have none made for them where they end together with those that have one, by %s",
    async (end) => {
      const { server, caller } = await loopback([silence], {
        ...UNLIMITED,
        maxSockets: 2,
        callTimeoutMs: 1_000,
      });
      const connecting = countConnecting();
      const abort = new AbortController();
      const calls = Array.from({ length: 50 }, () => failureOf(caller.invoke({ abortSignal: abort.signal })));
      await server.received(2);
      if (end === "destroy") caller.client.destroy();
      else if (end === "abort") abort.abort();
      else await caller.clock.advance(1_000);
      const errors = await Promise.all(calls);
      await turns(3);
      expect(new Set(errors.map(({ name }) => name))).toEqual(
        new Set([end === "deadline" ? "TimeoutError" : "AbortError"]),
      );
      expect(connecting.count).toBe(2);
      await server.emptied();
    },
  );

  it("get the connections of those that were ended, ahead of calls that come later", async () => {
    const held = [silence, silence, silence, silence];
    const { server, caller } = await loopback([...held, answers()], { ...UNLIMITED, maxSockets: 2 });
    const abort = new AbortController();
    const first = [0, 1].map(() => failureOf(caller.invoke({ abortSignal: abort.signal })));
    await server.received(2);
    const queued = ["a", "b", "c"].map((Body) => caller.invoke({}, { Body }));
    await turns(3);
    abort.abort();
    const late = caller.invoke({}, { Body: "d" });
    await server.received(4);
    const bodies = () => server.requests.slice(2).map(({ body }) => body.toString());
    // Two connections at once: either may be the first to be heard.
    expect(bodies().sort()).toEqual(["a", "b"]);
    answers()(server.requests[2]!);
    await server.received(6);
    expect(bodies().slice(2)).toEqual(["c", "d"]);
    answers()(server.requests[3]!);
    await Promise.all([...first, ...queued, late]);
    expect(server.maxOpenSockets).toBeLessThanOrEqual(4);
  });

  it("are let go of when they are given up, with their payloads", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { server, caller } = await loopback([silence], { ...UNLIMITED, maxSockets: 1 });
    const running = failureOf(caller.invoke());
    await server.received(1);
    const payloads: WeakRef<Uint8Array>[] = [];
    const giveUp = async () => {
      const abort = new AbortController();
      const Body = new Uint8Array(1_000_000);
      payloads.push(new WeakRef(Body));
      const given = failureOf(caller.invoke({ abortSignal: abort.signal }, { Body }));
      await turns(3);
      abort.abort();
      expect(await given).toMatchObject({ name: "AbortError", mayHaveExecuted: false });
    };
    for (let call = 0; call < 20; call++) await giveUp();
    const kept = () => payloads.filter((payload) => payload.deref() !== undefined).length;
    // A few may be held by what has not been left yet.
    for (let round = 0; round < 50 && kept() > 3; round++) {
      await turns(1);
      collect();
    }
    expect(kept()).toBeLessThanOrEqual(3);
    caller.client.destroy();
    await running;
  });
});
