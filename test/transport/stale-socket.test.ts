import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { answers, resets, sendsAndResets, silence } from "../support/behaviours.ts";
import { settle } from "../support/fake-clock.ts";
import type { Behaviour } from "../support/faulty-server.ts";
import { failureOf, type LoopbackClient, loopback } from "../support/loopback-client.ts";

/** A client with one idle connection, which its server treats so at the next request. */
async function idleLoopback(next: readonly Behaviour[], config = {}) {
  const { server, caller } = await loopback([answers()], config);
  await caller.invoke();
  await settle();
  server.play(next);
  return { server, caller };
}

describe("a request that meets a connection which the server has just closed", () => {
  it("is sent again at once, which counts neither as an attempt nor for the breaker", async () => {
    const circuitBreaker = { breaker: () => new ConsecutiveBreaker(1) };
    const { server, caller } = await idleLoopback([resets, answers({ body: "8" })], { circuitBreaker });
    const output = await caller.invoke();
    expect(output.Body.transformToString()).toBe("8");
    expect(output.$metadata).toMatchObject({ attempts: 1, totalRetryDelay: 0 });
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    expect(server.requests[2]?.body).toEqual(server.requests[1]?.body);
    expect(await caller.metric("attempts_total")).toBe(2);
    expect(await caller.metric("attempts_total", { outcome: "ok" })).toBe(2);
    expect(await caller.metric("retries_total")).toBe(0);
    expect((await caller.invoke()).$metadata.attempts).toBe(1);
  });

  it("does not even notice where the end of the connection arrives before it is written", async () => {
    const { server, caller } = await idleLoopback([answers()]);
    server.sockets[0]?.end();
    expect((await caller.invoke()).$metadata.attempts).toBe(1);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it("is sent where a reset of the idle connection arrives first, even if it must not run twice", async () => {
    const { server, caller } = await idleLoopback([answers({ status: 202, body: "" })]);
    server.sockets[0]?.resetAndDestroy();
    expect((await caller.enqueue()).$metadata.attempts).toBe(1);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it("is sent on a new connection and not on the next idle one, which is likely closed too", async () => {
    const { server, caller } = await loopback([silence]);
    const first = [caller.invoke(), caller.invoke()];
    await server.received(2);
    for (const request of server.requests) answers()(request);
    await Promise.all(first);
    await settle();
    server.play([answers()]);
    for (const socket of server.sockets) socket.resetAndDestroy();
    expect((await caller.invoke()).$metadata.attempts).toBe(1);
    expect(server.requests[2]?.connection).toBe(3);
  });

  it.each([
    ["InvokeEndpointAsync", (caller: LoopbackClient) => caller.enqueue()],
    ["a new session", (caller: LoopbackClient) => caller.invoke({}, { SessionId: "NEW_SESSION" })],
  ])("is not repeated for %s, which may have run", async (_, send) => {
    const { server, caller } = await idleLoopback([resets, answers()]);
    expect(await failureOf(send(caller))).toMatchObject({
      name: "ConnectionError",
      phase: "headers",
      mayHaveExecuted: true,
      $metadata: { attempts: 1 },
    });
    expect(server.requests.length).toBe(2);
  });

  it("is sent again once only: a reset of the new connection is an error of the attempt", async () => {
    const { server, caller } = await idleLoopback([resets, resets, answers()], { retry: false });
    expect(await failureOf(caller.invoke())).toMatchObject({ name: "ConnectionError", phase: "headers" });
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  it("is an error of the attempt where the connection was made for it", async () => {
    const { server, caller } = await idleLoopback([resets, answers()]);
    server.sockets[0]?.end();
    await server.emptied();
    await settle();
    expect((await caller.invoke()).$metadata.attempts).toBe(2);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2, 3]);
  });

  it("is an error of the attempt once a byte of an answer has come", async () => {
    const { server, caller } = await idleLoopback([sendsAndResets("HTTP/1.1 20"), answers()]);
    expect((await caller.invoke()).$metadata.attempts).toBe(2);
    expect(server.requests.length).toBe(3);
  });

  it.each([
    [2_000, 1],
    [2_001, 2],
  ])(
    "is an error of the attempt where that is heard late: after %i ms there are %i attempts",
    async (ms, attempts) => {
      const { server, caller } = await idleLoopback([silence, answers()]);
      const call = caller.invoke();
      await server.received(2);
      await caller.clock.advance(ms);
      server.requests[1]!.socket.resetAndDestroy();
      expect((await call).$metadata.attempts).toBe(attempts);
      expect(await caller.metric("attempts_total", { outcome: "reset" })).toBe(attempts - 1);
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    },
  );

  it("fails to connect where the server is gone for good, and says that an earlier try was written", async () => {
    const { server, caller } = await idleLoopback([], { retry: false });
    server.play([
      ({ socket }) => {
        server.refuse();
        socket.resetAndDestroy();
      },
    ]);
    expect(await failureOf(caller.invoke())).toMatchObject({
      name: "ConnectionError",
      phase: "connect",
      code: "ECONNREFUSED",
      mayHaveExecuted: true,
    });
  });

  it("goes ahead of those that queue for a connection, on one that has carried nothing", async () => {
    const { server, caller } = await idleLoopback([resets, answers()], { maxSockets: 1 });
    await Promise.all(["stale", "a", "b", "c"].map((Body) => caller.invoke({}, { Body })));
    const seen = server.requests.map(({ connection, body }) => `${connection} ${body}`);
    expect(seen).toEqual(["1 1,2", "1 stale", "2 stale", "2 a", "2 b", "2 c"]);
  });

  it("takes no connection that has carried others, although one is free first", async () => {
    const { server, caller } = await loopback([silence], { maxSockets: 2 });
    const first = ["a", "b"].map((Body) => caller.invoke({}, { Body }));
    await server.received(2);
    for (const request of server.requests) answers()(request);
    await Promise.all(first);
    await settle();
    const [stale, other] = ["stale", "other"].map((Body) => caller.invoke({}, { Body }));
    await server.received(4);
    const queued = caller.invoke({}, { Body: "queued" });
    const [reset, answered] = ["stale", "other"].map((body) =>
      server.requests.slice(2).find((request) => request.body.toString() === body),
    );
    server.play([answers()]);
    // Both arrive in one poll of the client's: the answer frees its connection before another one could be made.
    reset!.socket.resetAndDestroy();
    answers()(answered!);
    await Promise.all([stale, other, queued]);
    const again = server.requests.filter(({ body }) => body.toString() === "stale").at(-1)!;
    expect(again.connection).toBeGreaterThan(2);
    expect(server.requests.filter(({ connection }) => connection === again.connection)[0]).toBe(again);
  });

  it("is one of many when the server restarts, and all are answered within maxSockets", async () => {
    const { server, caller } = await loopback([silence], { maxSockets: 20 });
    const first = Array.from({ length: 20 }, () => caller.invoke());
    await server.received(20);
    for (const request of server.requests) answers()(request);
    await Promise.all(first);
    await settle();
    const isOld = new Set(server.sockets);
    server.play((request) => (isOld.has(request.socket) ? resets : answers()));
    const outputs = await Promise.all(Array.from({ length: 60 }, () => caller.invoke()));
    expect(outputs.map(({ $metadata }) => $metadata.attempts)).toEqual(Array(60).fill(1));
    expect(server.requests.length).toBe(20 + 20 + 60);
    expect(server.maxOpenSockets).toBe(20);
  });
});
