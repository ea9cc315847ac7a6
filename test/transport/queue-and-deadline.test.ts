import { describe, expect, it } from "vitest";
import { answers, part, STREAM_END, STREAM_HEAD, sends, silence } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { type CallError, failureOf, loopback } from "../support/loopback-client.ts";

const ONE = { concurrencyLimit: false, circuitBreaker: false, retry: false, maxSockets: 1 } as const;

/** A client whose only connection carries a call, and a way to add calls that queue for it. */
async function busyLoopback(config: { callTimeoutMs?: number; timeouts?: { attemptMs: number } }) {
  const { server, caller } = await loopback([silence], { ...ONE, ...config });
  // A time of day: what is read as one where a duration is meant is far too long.
  await caller.clock.advance(10_000);
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

  it("is for the oldest where what was given up before had not waited for as long as that has left", async () => {
    const { server, caller } = await loopback([silence], { ...ONE, callTimeoutMs: 300 });
    await caller.clock.advance(10_000);
    const abort = new AbortController();
    const given = failureOf(caller.invoke({ abortSignal: abort.signal }));
    await server.received(1);
    for (const Body of ["old", "new"]) {
      void failureOf(caller.invoke({}, { Body }));
      await turns(3);
      await caller.clock.advance(50);
    }
    abort.abort();
    await given;
    await server.received(2);
    expect(server.requests[1]!.body.toString()).toBe("old");
  });

  it("is for the oldest where a stream ends that was long, and whose head had come at once", async () => {
    const { server, caller } = await loopback([sends(STREAM_HEAD, part("a")), silence], {
      ...ONE,
      callTimeoutMs: 300,
    });
    await caller.clock.advance(10_000);
    const stream = await caller.stream();
    for (const Body of ["old", "new"]) {
      await caller.clock.advance(100);
      void failureOf(caller.invoke({}, { Body }));
      await turns(3);
    }
    await caller.clock.advance(90);
    server.sockets[0]!.write(STREAM_END);
    expect(await stream.Body.text()).toBe("a");
    await server.received(2);
    expect(server.requests[1]!.body.toString()).toBe("old");
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

describe("calls that end while streams of another endpoint use all connections", () => {
  async function starved(config: { callTimeoutMs?: number; timeouts?: { attemptMs: number } }) {
    const script = [sends(STREAM_HEAD, part("a")), answers()];
    const { caller } = await loopback(script, { ...config, maxSockets: 1, retry: false });
    const { Body } = await caller.stream({}, { EndpointName: "llm" });
    const errors: CallError[] = [];
    for (let i = 0; i < 4; i++) {
      const call = failureOf(caller.invoke());
      await turns(3);
      await caller.clock.advance(300);
      errors.push(await call);
    }
    return { caller, Body, errors };
  }

  it("say nothing about their own endpoint", async () => {
    const { caller, Body } = await starved({ timeouts: { attemptMs: 300 } });
    expect([...caller.client.breakers].map(({ state }) => state)).toEqual(["closed", "closed"]);
    expect([...caller.client.limiters].map(({ pacingForMs }) => pacingForMs)).toEqual([undefined, undefined]);
    Body.cancel();
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
  });

  it.each([{ timeouts: { attemptMs: 300 } }, { callTimeoutMs: 300 }])(
    "are told what they lacked: %j",
    async (config) => {
      const { caller, Body, errors } = await starved(config);
      for (const error of errors) {
        expect(error).toMatchObject({ name: "TimeoutError", mayHaveExecuted: false });
        expect(error.message).toMatch(/\): no connection was free \(maxSockets\)$/);
      }
      Body.cancel();
      await caller.client.close();
    },
  );
});
