import dns from "node:dns";
import { Pool } from "undici";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answers, silence } from "../support/behaviours.ts";
import { settle } from "../support/fake-clock.ts";
import { FaultyServer } from "../support/faulty-server.ts";
import { failureOf, LoopbackClient, loopback } from "../support/loopback-client.ts";
import { selfSigned } from "../support/self-signed.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const NOT_CONNECTED = { name: "ConnectionError", phase: "connect", mayHaveExecuted: false };

describe("a connection that cannot be made", () => {
  it("because nobody listens is tried again, as nothing was sent", async () => {
    const { server, caller } = await loopback([answers()]);
    server.refuse();
    const error = await failureOf(caller.invoke());
    expect(error).toMatchObject({ ...NOT_CONNECTED, code: "ECONNREFUSED", $metadata: { attempts: 3 } });
    expect(error.message).toBe("connection failed (ECONNREFUSED) before the request was sent");
  });

  it("because nobody listens is tried again even for what must not run twice", async () => {
    const { server, caller } = await loopback([answers()]);
    server.refuse();
    expect(await failureOf(caller.enqueue())).toMatchObject({ ...NOT_CONNECTED, $metadata: { attempts: 3 } });
  });

  it("is dialled by its address where the endpoint is one of IPv6", async () => {
    const caller = new LoopbackClient("http://[::1]:1", { retry: false });
    // The second where the machine has no IPv6; with the brackets it would be a name that nobody knows.
    expect((await failureOf(caller.invoke())).code).toMatch(/^(ECONNREFUSED|EADDRNOTAVAIL)$/);
  });

  it("because the name is not known is tried again", async () => {
    const lookup = (_host: string, _options: object, done: (error: Error) => void) =>
      done(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND", syscall: "getaddrinfo" }));
    const dispatcher = new Pool("https://runtime.invalid", { connect: { lookup: lookup as never } });
    const caller = new LoopbackClient("https://runtime.invalid", { dispatcher });
    expect(await failureOf(caller.invoke())).toMatchObject({
      ...NOT_CONNECTED,
      code: "ENOTFOUND",
      $metadata: { attempts: 3 },
    });
    await dispatcher.close();
  });

  it("because the certificate is not trusted is tried again, and nothing is sent", async () => {
    const server = await FaultyServer.start([answers()], selfSigned());
    const caller = new LoopbackClient(server.url);
    expect(await failureOf(caller.invoke())).toMatchObject({
      ...NOT_CONNECTED,
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
      $metadata: { attempts: 3 },
    });
    expect(server.requests).toEqual([]);
    await server.emptied();
  });

  it("within connectMs is a TimeoutError of that clock, tried again", async () => {
    const server = await FaultyServer.start([silence]);
    const caller = new LoopbackClient(server.deafUrl, { timeouts: { connectMs: 300 } });
    const pending = failureOf(caller.invoke());
    for (let attempts = 1; attempts <= 3; attempts++) {
      await server.until(() => server.connections === attempts);
      await caller.clock.advance(299);
      expect(server.connections).toBe(attempts);
      await caller.clock.advance(1);
    }
    const error = await pending;
    expect(error).toMatchObject({
      name: "TimeoutError",
      clock: "connect",
      timeoutMs: 300,
      mayHaveExecuted: false,
      $metadata: { attempts: 3 },
    });
    expect(error.message).toBe("no connection within 300 ms (timeouts.connectMs)");
    await server.emptied();
  });
});

describe("a process without a file descriptor left", () => {
  it("says nothing about the endpoint: no breaker opens, and calls that get a connection are answered", async () => {
    const { caller } = await loopback([answers()], { retry: false });
    await caller.invoke();
    vi.spyOn(dns, "lookup").mockImplementation(((...args: unknown[]) => {
      const done = args.at(-1) as (error: Error) => void;
      setImmediate(done, Object.assign(new Error("getaddrinfo EMFILE"), { code: "EMFILE" }));
    }) as never);
    const calls = await Promise.allSettled(Array.from({ length: 40 }, () => caller.invoke()));
    const errors = calls.filter((call) => call.status === "rejected").map(({ reason }) => reason);
    expect(errors).toHaveLength(39);
    for (const error of errors) {
      expect(error).toMatchObject({
        ...NOT_CONNECTED,
        code: "EMFILE",
        attempts: [{ outcome: "connect_error" }],
      });
    }
    expect([...caller.client.breakers].map(({ state }) => state)).toEqual(["closed"]);
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
  });
});

describe("a client whose connections are refused for a while", () => {
  it("keeps to maxSockets for the calls that had queued, and leaves no connection behind", async () => {
    const { server, caller } = await loopback([answers()], { maxSockets: 2, retry: false });
    const { port } = server;
    server.refuse();
    const calls = Array.from({ length: 6 }, () => failureOf(caller.invoke()));
    expect(await Promise.any(calls)).toMatchObject({ code: "ECONNREFUSED" });
    await server.listenAgain(port);
    await Promise.allSettled(calls);
    await Promise.all(Array.from({ length: 6 }, () => caller.invoke()));
    expect(server.maxOpenSockets).toBe(2);
    await caller.client.close();
    await server.emptied();
  });

  it("lets no call wait behind a connection that is busy while another is free", async () => {
    const retry = { maxAttempts: 10_000, budget: false } as const;
    const { server, caller } = await loopback([silence], { maxSockets: 2, retry, circuitBreaker: false });
    const { port, url } = server;
    server.refuse();
    const calls = Array.from({ length: 5 }, () => caller.invoke());
    await failureOf(new LoopbackClient(url, { retry: false }).invoke());
    await server.listenAgain(port);
    // The second request is never answered: the others take turns on the other connection.
    await server.received(2);
    answers()(server.requests[0]!);
    for (const next of [2, 3]) {
      await server.received(next + 1);
      answers()(server.requests[next]!);
    }
    await server.received(5);
    const [first, second] = server.requests.map(({ connection }) => connection);
    expect(server.requests.map(({ connection }) => connection)).toEqual([first, second, first, first, first]);
    caller.client.destroy();
    await Promise.allSettled(calls);
    expect(server.maxOpenSockets).toBe(2);
  });
});

describe("a request that HTTP does not allow", () => {
  it("is the error of whoever made it, and costs no connection", async () => {
    const { server, caller } = await loopback([answers()], { maxSockets: 1 });
    let isOn = true;
    caller.client.middlewareStack.add(
      (next) => async (args) => {
        const { headers } = (args as { request: { headers: Record<string, string> } }).request;
        if (isOn) headers.expect = "100-continue";
        return next(args);
      },
      { step: "finalizeRequest", name: "expects", priority: "low" },
    );
    const [first, second] = await Promise.all([failureOf(caller.invoke()), failureOf(caller.invoke())]);
    expect([first.message, second.message]).toEqual(
      Array(2).fill("a request cannot have the header expect: connections are the client's"),
    );
    isOn = false;
    await settle();
    await caller.invoke();
    expect(server.requests.length).toBe(1);
  });
});
