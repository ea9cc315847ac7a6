import { describe, expect, it } from "vitest";
import * as holdfast from "../../lib/index.ts";
import { answers, http, silence, unavailable } from "../support/behaviours.ts";
import { deferred } from "../support/deferred.ts";
import { settle } from "../support/fake-clock.ts";
import { FaultyServer } from "../support/faulty-server.ts";
import { failureOf, ResilientClient } from "../support/resilient-client.ts";

const OPTIONS = { callTimeoutMs: 1_000, concurrencyLimit: 1 } as const;

describe("the deadline of a call by a client of the AWS SDK", () => {
  it("ends the call in time, as a TimeoutError of this package", async () => {
    const server = await FaultyServer.start([silence]);
    const caller = new ResilientClient(server.url, OPTIONS);
    const failure = failureOf(caller.invoke());
    await server.received(1);
    await caller.clock.advance(1_000);
    const error = await failure;
    expect(error).toBeInstanceOf(holdfast.TimeoutError);
    expect(error).toMatchObject({ clock: "call", timeoutMs: 1_000, mayHaveExecuted: true });
    expect(error.attempts).toMatchObject([{ number: 1, kind: "first", mayHaveExecuted: true }]);
    expect(await caller.metric("requests_total", { outcome: "timeout" })).toBe(1);
  });

  it("bounds waits between attempts as well", async () => {
    const server = await FaultyServer.start([unavailable]);
    const backoff = { next: () => ({ duration: 500, next: () => ({ duration: 10_000 }) }) } as never;
    const caller = new ResilientClient(server.url, { callTimeoutMs: 1_000, retry: { backoff } });
    const failure = failureOf(caller.invoke());
    await server.received(1);
    await caller.clock.advance(1_000);
    expect((await failure).$metadata.attempts).toBeLessThan(3);
  });

  it("closes the connection, where the plug-in is an extension of the client, too", async () => {
    const server = await FaultyServer.start([silence, answers()]);
    const caller = new ResilientClient(server.url, OPTIONS);
    const failure = failureOf(caller.invoke());
    await server.received(1);
    await caller.clock.advance(1_000);
    await failure;
    await server.emptied();
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
    expect(await caller.metric("attempts_total", { outcome: "timeout" })).toBe(1);
  });

  it("has the request go on where it is none, and hold its permit until it really ends", async () => {
    const server = await FaultyServer.start([silence, answers()]);
    const caller = new ResilientClient(server.url, OPTIONS, { isExtended: false });
    const failure = failureOf(caller.invoke());
    await server.received(1);
    await caller.clock.advance(1_000);
    await failure;
    expect(server.openSockets).toBe(1);
    const next = caller.invoke();
    await settle();
    expect([...caller.layers.limiters]).toMatchObject([{ inFlight: 1, waiting: 1 }]);
    server.requests[0]!.socket.write(http());
    expect((await next).Body.transformToString()).toBe("7");
    expect([...caller.layers.limiters]).toMatchObject([{ inFlight: 0 }]);
  });

  it("leaves nothing to be sent for a call that ended while it waited for a permit", async () => {
    const server = await FaultyServer.start([silence, answers()]);
    const caller = new ResilientClient(server.url, OPTIONS, { isExtended: false });
    const first = failureOf(caller.invoke());
    await server.received(1);
    const second = failureOf(caller.invoke());
    await caller.clock.advance(1_000);
    expect((await second).attempts).toEqual([]);
    server.requests[0]!.socket.write(http());
    await first;
    expect(server.requests.length).toBe(1);
  });
});

describe("a call whose time is up while the SDK looks for credentials", () => {
  it("is not sent when they come", async () => {
    const server = await FaultyServer.start([answers()]);
    const { promise: credentials, resolve } = deferred<{ accessKeyId: string; secretAccessKey: string }>();
    const caller = new ResilientClient(server.url, OPTIONS, { credentials: () => credentials });
    const failure = failureOf(caller.invoke());
    await settle();
    await caller.clock.advance(1_000);
    expect(await failure).toMatchObject({ name: "TimeoutError", mayHaveExecuted: false });
    resolve({ accessKeyId: "local", secretAccessKey: "local" });
    // It goes by the same connection pool, behind whatever is sent.
    await caller.invoke();
    expect(server.requests.length).toBe(1);
  });
});

describe("the caller's signal", () => {
  it("ends the request and its connection, with the plug-in as an extension", async () => {
    await expectAbort(true);
  });

  it("and without", async () => {
    await expectAbort(false);
  });

  it("ends the wait for a permit, too", async () => {
    const server = await FaultyServer.start([silence]);
    const caller = new ResilientClient(server.url, { concurrencyLimit: 1 });
    const first = failureOf(caller.invoke());
    await server.received(1);
    const controller = new AbortController();
    const second = failureOf(caller.invoke({}, { abortSignal: controller.signal }));
    await settle();
    controller.abort();
    expect(await second).toBeInstanceOf(holdfast.AbortError);
    server.stop();
    await first;
    expect(server.requests.length).toBe(1);
  });

  it("that has fired already has nothing sent", async () => {
    const server = await FaultyServer.start([answers()]);
    const caller = new ResilientClient(server.url);
    const error = await failureOf(caller.invoke({}, { abortSignal: AbortSignal.abort() }));
    expect(error.name).toBe("AbortError");
    expect(server.requests.length).toBe(0);
  });
});

async function expectAbort(isExtended: boolean): Promise<void> {
  const server = await FaultyServer.start([silence]);
  const caller = new ResilientClient(server.url, {}, { isExtended });
  const controller = new AbortController();
  const failure = failureOf(caller.invoke({}, { abortSignal: controller.signal }));
  await server.received(1);
  const reason = new Error("enough");
  controller.abort(reason);
  expect(await failure).toMatchObject({ name: "AbortError", message: "Request aborted", cause: reason });
  await server.emptied();
  expect(server.requests.length).toBe(1);
  expect(await caller.metric("requests_total", { outcome: "cancelled" })).toBe(1);
}
