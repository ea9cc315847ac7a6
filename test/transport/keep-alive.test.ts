import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answers, http, sends, silence } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { settle } from "../support/fake-clock.ts";
import { failureOf, loopback } from "../support/loopback-client.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** The client's ends of the connections that are made meanwhile. */
async function socketsOf(work: () => Promise<unknown>): Promise<Socket[]> {
  const sockets: Socket[] = [];
  const note = (message: unknown) => sockets.push((message as { socket: Socket }).socket);
  subscribe("net.client.socket", note);
  await work().finally(() => unsubscribe("net.client.socket", note));
  return sockets;
}

describe("the connections of a client", () => {
  it("carry one call after the other on one socket", async () => {
    const { server, caller } = await loopback([answers()]);
    for (let i = 0; i < 5; i++) {
      await caller.invoke();
      await settle();
    }
    expect(server.requests.length).toBe(5);
    expect(server.connections).toBe(1);
  });

  it("are one for calls that follow without a turn of the event loop between", async () => {
    const { server, caller } = await loopback([answers()]);
    for (let i = 0; i < 20; i++) await caller.invoke();
    expect(server.connections).toBe(1);
  });

  it("grow with concurrency up to maxSockets; the calls beyond it queue in order", async () => {
    const { server, caller } = await loopback([silence], { maxSockets: 3 });
    const calls = Array.from({ length: 8 }, (_, i) => caller.invoke({}, { Body: String(i) }));
    await server.received(3);
    await settle();
    expect(server.requests.length).toBe(3);

    for (let answered = 0; answered < 8; answered++) {
      await server.received(Math.min(answered + 3, 8));
      server.requests[answered]?.socket.write(http());
    }
    await Promise.all(calls);
    // The first three race to connect.
    expect(server.requests.slice(3).map(({ body }) => body.toString())).toEqual([..."34567"]);
    expect(server.maxOpenSockets).toBe(3);
  });

  it("are closed after 50 s without a call, before the service does it at 60 s", async () => {
    const { server, caller } = await loopback([answers()]);
    await caller.invoke();
    await caller.clock.advance(49_999);
    await caller.invoke();
    await caller.clock.advance(49_999);
    expect([server.connections, server.openSockets]).toEqual([1, 1]);
    await caller.clock.advance(1);
    await server.emptied();
  });

  it.each([
    ["timeout=5", 3_000],
    ["timeout=5, max=100", 3_000],
    ["max=100,Timeout=5", 3_000],
    ["timeout=600", 50_000],
    ["timeout=soon", 50_000],
    ["max=100, x-timeout=5", 50_000],
  ])(
    "are closed 2 s before the server does it, where that is sooner: keep-alive: %s",
    async (announced, ms) => {
      const { server, caller } = await loopback([answers({ headers: { "keep-alive": announced } })]);
      await caller.invoke();
      await caller.clock.advance(ms - 1);
      await caller.invoke();
      expect(server.connections).toBe(1);
      await caller.clock.advance(ms);
      await server.emptied();
    },
  );

  it("carry one call only where the server announces that it closes them at once", async () => {
    const { server, caller } = await loopback([answers({ headers: { "keep-alive": "timeout=1" } })]);
    await caller.invoke();
    await caller.invoke();
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    await caller.clock.advance(1);
    await server.emptied();
  });

  it("are closed each at its own time, by one timer", async () => {
    const announced = answers({ headers: { "keep-alive": "timeout=12" } });
    const { server, caller } = await loopback([silence]);
    const calls = [caller.invoke(), caller.invoke()];
    await server.received(2);
    answers()(server.requests[0]!);
    announced(server.requests[1]!);
    await Promise.all(calls);
    await caller.clock.advance(10_000);
    await server.until(() => server.openSockets === 1);
    await caller.clock.advance(39_999);
    expect(server.openSockets).toBe(1);
    await caller.clock.advance(1);
    await server.emptied();
  });

  it("are not used past their time, where no timer has fired yet", async () => {
    const { server, caller } = await loopback([answers()]);
    await caller.invoke();
    vi.spyOn(caller.clock, "now").mockReturnValue(50_000);
    await caller.invoke();
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it("carry nothing more where a request was answered before it had left: its server may never read on", async () => {
    const { server, caller } = await loopback([answers()]);
    const [socket] = await socketsOf(() => caller.invoke());
    socket!.cork();
    const early = caller.invoke();
    await turns(3);
    server.sockets[0]!.write(http({ body: "busy" }));
    expect((await early).Body.transformToString()).toBe("busy");
    server.play([answers({ status: 202, body: "" })]);
    expect((await caller.enqueue()).$metadata.attempts).toBe(1);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    await server.until(() => server.openSockets === 1);
  });

  it.each(["close", "Keep-Alive, Close"])(
    "are closed after an answer that says so: connection: %s",
    async (connection) => {
      const { server, caller } = await loopback([answers({ headers: { connection } })]);
      await caller.invoke();
      await server.emptied();
      await caller.invoke();
      expect(server.connections).toBe(2);
    },
  );

  it("are left alone by a call that is given up before it is written", async () => {
    const { server, caller } = await loopback([answers()]);
    await caller.invoke();
    const abort = new AbortController();
    const call = failureOf(caller.invoke({ abortSignal: abort.signal }));
    await settle();
    abort.abort();
    expect(await call).toMatchObject({ name: "AbortError", mayHaveExecuted: false });
    await turns(2);
    await caller.invoke();
    expect([server.connections, server.requests.length]).toEqual([1, 2]);
  });

  it("are closed where more comes than the answer, which nothing asked for", async () => {
    const { server, caller } = await loopback([sends(http(), http({ body: "poison" }))]);
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
    await server.emptied();
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
    expect(server.connections).toBe(2);
  });

  it("are closed where an answer comes while they rest, which is not taken for that to the next request", async () => {
    const { server, caller } = await loopback([answers()]);
    await caller.invoke();
    server.sockets[0]?.write(http({ body: "poison" }));
    await server.emptied();
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
  });

  it("are closed where such an answer lies there unread when the next request is made", async () => {
    const { server, caller } = await loopback([answers()]);
    await caller.invoke();
    server.sockets[0]?.write(http({ body: "poison" }));
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it("are kept alive by TCP probes after 30 s of silence", async () => {
    const setKeepAlive = vi.spyOn(Socket.prototype, "setKeepAlive");
    const { caller } = await loopback([answers()]);
    await caller.invoke();
    expect(setKeepAlive).toHaveBeenCalledWith(true, 30_000);
  });
});
