import { describe, expect, it } from "vitest";
import { answers, http, sends, silence } from "../support/behaviours.ts";
import { CALL_STATES, turns } from "../support/call-states.ts";
import { deferred } from "../support/deferred.ts";
import type { FaultyServer } from "../support/faulty-server.ts";
import { failureOf, type LoopbackClient, loopback, settlesInOneTurn } from "../support/loopback-client.ts";

/** A wait that would go past the deadline is not begun. */
const BOUNDED_STATES = Object.entries(CALL_STATES).filter(([name]) => name !== "waiting to try again");

describe.each(BOUNDED_STATES)("callTimeoutMs of a call that is %s", (name, enter) => {
  it("ends it with a TimeoutError that names it", async () => {
    const state = await enter({ callTimeoutMs: 40_000 });
    const { server, caller, failure, others, enteredAfterMs = 0, lingersMs = 0 } = state;
    const sent = server.requests.length;
    await caller.clock.advance(39_999 - enteredAfterMs);
    expect(await settlesInOneTurn(failure)).toBe(false);
    await caller.clock.advance(1);
    expect(await settlesInOneTurn(failure)).toBe(true);
    const error = await failure;
    expect(error).toMatchObject({ name: "TimeoutError", clock: "call", timeoutMs: 40_000 });
    const why = name === "queued for a connection" ? ": no connection was free (maxSockets)" : "";
    expect(error.message).toBe(`no answer to the call within 40000 ms (callTimeoutMs)${why}`);
    await caller.clock.advance(lingersMs);
    await server.until(() => server.openSockets === others.sockets);
    expect(caller.clock.pendingTimers).toBe(others.timers);
    expect(server.requests.length).toBe(sent);
  });

  it("leaves the way free for the next call", async () => {
    const { caller, failure, nextCallGoesOn } = await enter({ callTimeoutMs: 40_000 });
    await caller.clock.advance(40_000);
    await failure;
    await nextCallGoesOn();
  });
});

describe("timeouts.socketMs", () => {
  const timeouts = { socketMs: 5_000 };

  it("ends a call whose connection went into a black hole, and names itself", async () => {
    const { server, caller } = await loopback([silence], { timeouts });
    const pending = failureOf(caller.invoke());
    await server.received(1);
    await caller.clock.advance(4_999);
    expect(await settlesInOneTurn(pending)).toBe(false);
    await caller.clock.advance(1);
    const error = await pending;
    expect(error).toMatchObject({
      name: "TimeoutError",
      clock: "socket",
      timeoutMs: 5_000,
      mayHaveExecuted: true,
    });
    expect(error.message).toBe("no byte on the socket within 5000 ms (timeouts.socketMs)");
    expect(server.requests.length).toBe(1);
    await server.emptied();
  });

  it("ends a call whose answer stalls inside its body", async () => {
    const { server, caller } = await loopback([sends(http({ body: "half", length: 8 }))], { timeouts });
    const pending = failureOf(caller.invoke());
    await server.received(1);
    await turns(5);
    await caller.clock.advance(5_000);
    expect(await pending).toMatchObject({
      clock: "socket",
      $metadata: { requestId: "request-1", attempts: 1 },
    });
  });

  it("is tried again only where retryTimeouts asks for it", async () => {
    const { server, caller } = await loopback([silence, answers()], {
      timeouts,
      retry: { retryTimeouts: true },
    });
    const pending = caller.invoke();
    await server.received(1);
    await caller.clock.advance(5_000);
    expect((await pending).$metadata.attempts).toBe(2);
    expect(server.connections).toBe(2);
  });

  it("does not end a call while bytes keep coming", async () => {
    const { server, caller } = await loopback([sends(http({ body: "", length: 11 }))], { timeouts });
    const pending = caller.invoke();
    await server.received(1);
    await comeSlowly("slow answer", server, caller);
    expect((await pending).$metadata).toMatchObject({ attempts: 1, httpStatusCode: 200 });
  });

  it("does not end a call whose service says that it is at work", async () => {
    const { server, caller } = await loopback([silence], { timeouts });
    const pending = caller.invoke();
    await server.received(1);
    for (let i = 0; i < 3; i++) {
      await caller.clock.advance(4_000);
      server.sockets[0]?.write("HTTP/1.1 102 Processing\r\n\r\n");
      await turns(3);
    }
    server.sockets[0]?.write(http());
    expect((await pending).$metadata.attempts).toBe(1);
  });

  it("does not count the time in the queue for a connection, but begins when the request is sent", async () => {
    const head = sends(http({ body: "", length: 4 }));
    const { server, caller } = await loopback([head, silence], { timeouts, maxSockets: 1 });
    const first = caller.invoke({}, { Body: "first" });
    await server.received(1);
    const queued = failureOf(caller.invoke({}, { Body: "queued" }));
    await comeSlowly("long", server, caller);
    await first;
    await server.received(2);
    await caller.clock.advance(4_999);
    expect(await settlesInOneTurn(queued)).toBe(false);
    await caller.clock.advance(1);
    expect(await queued).toMatchObject({ clock: "socket" });
  });
});

describe("the bound of one attempt", () => {
  it.each([
    ["timeouts.attemptMs", { timeouts: { attemptMs: 3_000 } }, {}],
    ["requestTimeout of the call", {}, { requestTimeout: 3_000 }],
    ["requestTimeout over timeouts.attemptMs", { timeouts: { attemptMs: 9_000 } }, { requestTimeout: 3_000 }],
  ])("by %s ends it although bytes keep coming", async (_, config, options) => {
    const { server, caller } = await loopback([sends(http({ body: "half", length: 8 }))], config);
    const pending = failureOf(caller.invoke(options));
    await server.received(1);
    await caller.clock.advance(2_000);
    server.sockets[0]?.write("a");
    await turns(3);
    await caller.clock.advance(999);
    expect(await settlesInOneTurn(pending)).toBe(false);
    await caller.clock.advance(1);
    const error = await pending;
    expect(error).toMatchObject({
      name: "TimeoutError",
      clock: "attempt",
      timeoutMs: 3_000,
      $metadata: { attempts: 1 },
    });
    expect(error.message).toBe("no answer to the attempt within 3000 ms (timeouts.attemptMs)");
    await server.emptied();
  });

  it("counts from the signature on: waiting for credentials says nothing about the target", async () => {
    const provided = deferred<{ accessKeyId: string; secretAccessKey: string }>();
    const credentials = () => provided.promise;
    const { server, caller } = await loopback([silence], { credentials, timeouts: { attemptMs: 3_000 } });
    const pending = failureOf(caller.invoke());
    await caller.clock.advance(2_000);
    provided.resolve({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" });
    await server.received(1);
    await caller.clock.advance(2_999);
    expect(await settlesInOneTurn(pending)).toBe(false);
    await caller.clock.advance(1);
    expect(await settlesInOneTurn(pending)).toBe(true);
    expect(await pending).toMatchObject({ clock: "attempt" });
  });

  it("begins anew with each attempt", async () => {
    // An adaptive limit would let the third one wait: two timeouts in a row are a silent target.
    const config = {
      timeouts: { attemptMs: 3_000 },
      retry: { retryTimeouts: true },
      concurrencyLimit: false,
    } as const;
    const { server, caller } = await loopback([silence, silence, answers()], config);
    const pending = caller.invoke();
    for (const attempts of [1, 2]) {
      await server.received(attempts);
      await caller.clock.advance(3_000);
    }
    expect((await pending).$metadata.attempts).toBe(3);
  });
});

/** Writes a byte every 4 seconds to the only connection. */
async function comeSlowly(text: string, server: FaultyServer, { clock }: LoopbackClient): Promise<void> {
  for (const byte of text) {
    await clock.advance(4_000);
    server.sockets[0]?.write(byte);
    await turns(3);
  }
}
