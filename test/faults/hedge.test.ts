import { describe, expect, it } from "vitest";
import { answers, http, part, STREAM_END, STREAM_HEAD, sends, silence } from "../support/behaviours.ts";
import { turns } from "../support/call-states.ts";
import { hedgedLoopback } from "../support/hedged-loopback.ts";

describe("the attempt that loses", () => {
  it("is hung up on: the server sees its connection close, and the other one stays", async () => {
    const { server, caller, slowAfterMs } = await hedgedLoopback([silence, answers()]);
    const pending = caller.invoke();
    await server.received(1);
    const loser = server.requests[0]?.socket;
    await caller.clock.advance(slowAfterMs);
    expect((await pending).$metadata.attempts).toBe(2);
    await server.until(() => !server.sockets.some((socket) => socket === loser));
    expect([server.openSockets, server.requests.length, caller.clock.pendingTimers]).toEqual([1, 2, 0]);
    expect(await caller.metric("attempts_total", { kind: "first", outcome: "cancelled" })).toBe(1);
  });

  it("is hung up on as well where it is the hedge", async () => {
    const { server, caller, slowAfterMs } = await hedgedLoopback([silence]);
    const pending = caller.invoke();
    await server.received(1);
    await caller.clock.advance(slowAfterMs);
    await server.received(2);
    answers()(server.requests[0]!);
    expect((await pending).$metadata.attempts).toBe(2);
    await server.until(() => server.openSockets === 1);
    expect(await caller.metric("hedges_total", { result: "lost" })).toBe(1);
  });

  it("is taken from the queue where it waits for a connection, and never sent", async () => {
    const { server, caller, slowAfterMs } = await hedgedLoopback([silence], { maxSockets: 1 });
    const pending = caller.invoke();
    await server.received(1);
    await caller.clock.advance(slowAfterMs);
    answers()(server.requests[0]!);
    expect((await pending).$metadata.attempts).toBe(2);
    await turns(5);
    expect([server.requests.length, server.connections]).toEqual([1, 1]);
    server.play([answers()]);
    await caller.invoke();
    expect(server.connections).toBe(1);
  });

  it("is hung up on where it has sent the head of a stream, and the hedge the first part", async () => {
    const { server, caller, slowAfterMs } = await hedgedLoopback(
      [sends(STREAM_HEAD), sends(STREAM_HEAD, part("hello"), STREAM_END)],
      { peekFirstEvent: true },
    );
    const pending = caller.stream();
    await server.received(1);
    const loser = server.requests[0]?.socket;
    await turns(5);
    await caller.clock.advance(slowAfterMs);
    expect(await (await pending).Body.text()).toBe("hello");
    await server.until(() => !server.sockets.some((socket) => socket === loser));
    expect(await caller.metric("attempts_in_flight")).toBe(0);
    expect(caller.clock.pendingTimers).toBe(0);
  });
});

describe("an attempt that waits for a connection", () => {
  it("is not hedged until it is sent: the hedge would stand in the same queue", async () => {
    const { server, caller, slowAfterMs } = await hedgedLoopback([silence], { maxSockets: 1 });
    const first = caller.invoke();
    await server.received(1);
    const queued = caller.invoke();
    await caller.clock.advance(5 * slowAfterMs);
    expect(await caller.metric("attempts_in_flight")).toBe(3);
    answers()(server.requests[0]!);
    expect((await first).$metadata.attempts).toBe(2);
    await server.received(2);
    expect(await caller.metric("attempts_in_flight")).toBe(1);
    await caller.clock.advance(slowAfterMs);
    expect(await caller.metric("attempts_in_flight")).toBe(2);
    answers()(server.requests[1]!);
    expect((await queued).$metadata.attempts).toBe(2);
    expect(caller.clock.pendingTimers).toBe(0);
  });
});

describe("an answer that has begun to arrive", () => {
  it("is waited for: the model has done its work", async () => {
    const { server, caller, slowAfterMs } = await hedgedLoopback([sends(http({ body: "half", length: 8 }))]);
    const pending = caller.invoke();
    await server.received(1);
    await turns(5);
    await caller.clock.advance(10 * slowAfterMs);
    server.requests[0]?.socket.write("half");
    expect((await pending).$metadata.attempts).toBe(1);
  });
});
