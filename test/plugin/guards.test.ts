import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it, onTestFinished } from "vitest";
import * as holdfast from "../../lib/index.ts";
import { startLocalEndpoint } from "../../lib/local/index.ts";
import { answers, http, silence, unavailable } from "../support/behaviours.ts";
import { settle } from "../support/fake-clock.ts";
import { FaultyServer } from "../support/faulty-server.ts";
import { failureOf, ResilientClient } from "../support/resilient-client.ts";

const ONCE = { maxAttempts: 1 } as const;
const circuitBreaker = { breaker: () => new ConsecutiveBreaker(3) };

describe("the circuit breaker of a client of the AWS SDK", () => {
  it("refuses calls to an endpoint that is down, and nothing reaches it", async () => {
    const server = await FaultyServer.start([unavailable]);
    const caller = new ResilientClient(server.url, { retry: ONCE, circuitBreaker });
    for (let call = 0; call < 3; call++) await failureOf(caller.invoke());
    const error = await failureOf(caller.invoke());
    expect(error).toBeInstanceOf(holdfast.CircuitOpenError);
    expect(error).toMatchObject({ endpoint: "churn", openCause: "failure", mayHaveExecuted: false });
    expect(server.requests.length).toBe(3);
    expect([...caller.layers.breakers].map(({ state }) => state)).toEqual(["open"]);
    expect(await caller.metric("requests_total", { outcome: "rejected_breaker" })).toBe(1);
  });

  it("stops the retries of the call that opened it", async () => {
    const server = await FaultyServer.start([unavailable]);
    const caller = new ResilientClient(server.url, { retry: { maxAttempts: 9 }, circuitBreaker });
    const error = await failureOf(caller.invoke());
    expect(error).toMatchObject({ name: "ServiceUnavailable", $metadata: { attempts: 3 } });
    expect(server.requests.length).toBe(3);
  });

  it("opens on connections that cannot be made, whose errors stay Node's own", async () => {
    const server = await FaultyServer.start([answers()]);
    const { url } = server;
    server.stop();
    const caller = new ResilientClient(url, { retry: ONCE, circuitBreaker });
    for (let call = 0; call < 3; call++) {
      const error = await failureOf(caller.invoke());
      expect(error).toMatchObject({ code: "ECONNREFUSED", mayHaveExecuted: false });
      expect(error.attempts).toMatchObject([{ outcome: "connect_error", error: "ConnectionError" }]);
    }
    expect(await failureOf(caller.invoke())).toBeInstanceOf(holdfast.CircuitOpenError);
    expect(await caller.metric("requests_total", { outcome: "connect_error" })).toBe(3);
  });

  it("is let know by a probe that the endpoint is back", async () => {
    const server = await FaultyServer.start([unavailable, unavailable, unavailable, answers()]);
    const caller = new ResilientClient(server.url, {
      retry: ONCE,
      circuitBreaker: { ...circuitBreaker, halfOpenAfterMs: 1_000 },
    });
    for (let call = 0; call < 3; call++) await failureOf(caller.invoke());
    await caller.clock.advance(2_000);
    expect((await caller.invoke()).Body.transformToString()).toBe("7");
  });
});

describe("the concurrency limit of a client of the AWS SDK", () => {
  it("bounds what is in flight; the rest waits for a permit", async () => {
    const server = await FaultyServer.start([silence]);
    const caller = new ResilientClient(server.url, { concurrencyLimit: 2 });
    const calls = Array.from({ length: 5 }, () => caller.invoke());
    await server.received(2);
    await settle();
    expect(server.requests.length).toBe(2);
    expect([...caller.layers.limiters]).toMatchObject([{ inFlight: 2, waiting: 3 }]);
    server.play([answers()]);
    for (const { socket } of [...server.requests]) socket.write(http());
    await Promise.all(calls);
    expect(server.requests.length).toBe(5);
    expect(server.maxOpenSockets).toBe(2);
  });

  it("refuses what is too much for its queue as well", async () => {
    const server = await FaultyServer.start([silence]);
    const concurrencyLimit = { algorithm: "fixed", initial: 1, maxQueue: 0 } as const;
    const caller = new ResilientClient(server.url, { concurrencyLimit });
    const first = failureOf(caller.invoke());
    await server.received(1);
    expect(await failureOf(caller.invoke())).toBeInstanceOf(holdfast.ConcurrencyLimitError);
    server.stop();
    await first;
  });

  it("has as many permits to begin with as the SDK has connections", async () => {
    const server = await FaultyServer.start([answers()]);
    const caller = new ResilientClient(server.url);
    await caller.invoke();
    expect([...caller.layers.limiters]).toMatchObject([{ limit: 50 }]);
  });
});

describe("the metrics of a client of the AWS SDK", () => {
  it("count calls and attempts by outcome and variant", async () => {
    const endpoint = await startLocalEndpoint({
      variants: [{ name: "blue", weight: 1 }],
      faults: { rules: [{ match: { times: 1 }, fault: { type: "status", status: 503 } }] },
    });
    onTestFinished(() => endpoint.close());
    const caller = new ResilientClient(endpoint.url);
    await caller.invoke();
    const ofEndpoint = { endpoint: "churn", variant: "blue" };
    expect(await caller.metric("requests_total", { ...ofEndpoint, outcome: "ok" })).toBe(1);
    expect(await caller.metric("attempts_total", { outcome: "server_error", kind: "first" })).toBe(1);
    expect(await caller.metric("attempts_total", { ...ofEndpoint, outcome: "ok", kind: "retry" })).toBe(1);
    expect(await caller.metric("retries_total", { reason: "server_error" })).toBe(1);
    expect(await caller.metric("requests_in_flight")).toBe(0);
    expect(await caller.metric("attempts_in_flight")).toBe(0);
  });
});
