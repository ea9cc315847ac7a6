import { describe, expect, it } from "vitest";
import { answers, silence } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { failureOf, loopback } from "../support/loopback-client.ts";

const ONE = { concurrencyLimit: false, circuitBreaker: false, retry: false, maxSockets: 1 } as const;

/** A client whose only connection carries a call, and a way to add calls that queue for it. */
async function busyLoopback(config: { callTimeoutMs?: number; timeouts?: { attemptMs: number } }) {
  const { server, caller } = await loopback([silence], { ...ONE, ...config });
  const first = caller.invoke({}, { Body: "first" });
  void Promise.allSettled([first]);
  await server.received(1);
  const queue = async (Body: string, EndpointName = "churn") => {
    void Promise.allSettled([caller.invoke({}, { Body, EndpointName })]);
    await turns(3);
  };
  const next = async () => {
    await server.received(2);
    return server.requests[1]!.body.toString();
  };
  return { server, caller, first, queue, next };
}

describe("a connection that becomes free", () => {
  it.each([{ callTimeoutMs: 300 }, { timeouts: { attemptMs: 300 } }])(
    "is for the newest call where the oldest ends before it could be answered: %j",
    async (config) => {
      const { server, caller, queue, next } = await busyLoopback(config);
      await queue("old");
      await caller.clock.advance(200);
      await queue("new");
      answers()(server.requests[0]!);
      expect(await next()).toBe("new");
    },
  );

  it("is for the oldest where that has time enough", async () => {
    const { server, caller, queue, next } = await busyLoopback({ callTimeoutMs: 401 });
    await queue("old");
    await caller.clock.advance(200);
    await queue("new");
    answers()(server.requests[0]!);
    expect(await next()).toBe("old");
  });

  it("is for the oldest where its endpoint is not the one that takes long", async () => {
    const { server, caller, queue, next } = await busyLoopback({ callTimeoutMs: 300 });
    await queue("old", "fast");
    await caller.clock.advance(200);
    await queue("new");
    answers()(server.requests[0]!);
    expect(await next()).toBe("old");
  });

  it("is for the newest where nobody was answered in time so far", async () => {
    const { caller, first, queue, next } = await busyLoopback({ callTimeoutMs: 300 });
    await caller.clock.advance(100);
    await queue("old");
    await caller.clock.advance(190);
    await queue("new");
    await caller.clock.advance(10);
    await failureOf(first);
    expect(await next()).toBe("new");
  });

  it("is for the newest that somebody still waits for", async () => {
    const { server, caller, queue, next } = await busyLoopback({ callTimeoutMs: 300 });
    await queue("old");
    await caller.clock.advance(200);
    await queue("new");
    const abort = new AbortController();
    const newest = failureOf(caller.invoke({ abortSignal: abort.signal }, { Body: "newest" }));
    await turns(3);
    abort.abort();
    await newest;
    answers()(server.requests[0]!);
    expect(await next()).toBe("new");
  });
});
