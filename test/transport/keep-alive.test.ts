import { Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answers, http, silence } from "../support/behaviours.ts";
import { settle } from "../support/fake-clock.ts";
import { loopback } from "../support/loopback-client.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

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

  it("are two at most for calls that follow without a turn of the event loop between", async () => {
    const { server, caller } = await loopback([answers()]);
    for (let i = 0; i < 20; i++) await caller.invoke();
    expect(server.connections).toBeLessThanOrEqual(2);
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
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { server, caller } = await loopback([answers()]);
    await caller.invoke();
    await settle();
    vi.advanceTimersByTime(49_999);
    await caller.invoke();
    await settle();
    expect(server.connections).toBe(1);
    vi.advanceTimersByTime(50_000);
    await server.emptied();
  });

  it("are closed earlier where the server announces that it will", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { server, caller } = await loopback([answers({ headers: { "keep-alive": "timeout=5" } })]);
    await caller.invoke();
    await settle();
    vi.advanceTimersByTime(5_000);
    await server.emptied();
  });

  it("are kept alive by TCP probes after 30 s of silence", async () => {
    const setKeepAlive = vi.spyOn(Socket.prototype, "setKeepAlive");
    const { caller } = await loopback([answers()]);
    await caller.invoke();
    expect(setKeepAlive).toHaveBeenCalledWith(true, 30_000);
  });
});
