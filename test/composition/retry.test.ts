import { ConstantBackoff } from "cockatiel";
import { describe, expect, it } from "vitest";
import { scriptedClient } from "../support/scripted-client.ts";

describe("a call that fails in passing", () => {
  it("gets one answer from 503, 503, 200: three attempts, two retries of that variant", async () => {
    const { call, clock, metric, network } = scriptedClient([503, 503, { status: 200, body: "7" }]);
    const pending = call();
    await clock.advance(1_000);
    const { output } = await pending;
    expect(output?.Body.transformToString()).toBe("7");
    expect(output?.$metadata.attempts).toBe(3);
    expect(network.requests.length).toBe(3);
    expect(
      await metric("retries_total", { endpoint: "churn", variant: "blue", reason: "server_error" }),
    ).toBe(2);
    expect(await metric("requests_total", { variant: "blue", outcome: "ok" })).toBe(1);
    expect(await metric("retry_backoff_seconds_total", { endpoint: "churn" })).toBeCloseTo(0.075);
    expect(await metric("attempts_total", { variant: "blue", outcome: "server_error", kind: "first" })).toBe(
      1,
    );
    expect(await metric("attempts_total", { variant: "blue", outcome: "server_error", kind: "retry" })).toBe(
      1,
    );
    expect(await metric("attempts_total", { variant: "blue", outcome: "ok", kind: "retry" })).toBe(1);
  });

  it.each([
    [500, 3],
    [502, 3],
    [503, 3],
    [504, 3],
    [530, 3],
    [400, 1],
    [403, 1],
    [424, 1],
    [404, 1],
    [501, 1],
  ])("is tried %s -> %s times in all", async (status, attempts) => {
    const { call, clock } = scriptedClient([status]);
    const pending = call();
    await clock.advance(10_000);
    const { error } = await pending;
    expect(error?.$metadata).toMatchObject({ attempts, httpStatusCode: status, requestId: "request-1" });
  });

  it.each([
    [{ status: 400, headers: { "x-amzn-errortype": "ThrottlingException" }, body: '{"message":null}' }, 3],
    [{ status: 429, headers: { "x-amzn-errortype": "" }, body: "{}" }, 3],
    [{ status: 424, body: '{"OriginalStatusCode":503}' }, 3],
    [{ status: 424, body: '{"OriginalStatusCode":429}' }, 3],
    [{ status: 424, body: '{"OriginalStatusCode":507}' }, 3],
    [{ status: 424, body: '{"OriginalStatusCode":0}' }, 1],
    [{ status: 424, body: '{"OriginalStatusCode":500}' }, 1],
    [{ status: 424, body: '{"OriginalStatusCode":400}' }, 1],
    [{ resets: "connect" }, 3],
    [{ resets: "headers" }, 3],
    [{ resets: "body" }, 3],
  ] as const)("%o is tried %s times in all", async (answer, attempts) => {
    const { call, clock } = scriptedClient([answer]);
    const pending = call();
    await clock.advance(20_000);
    expect((await pending).error?.$metadata).toMatchObject({ attempts });
  });

  it("waits 50 ms, then 100 ms, halved here by the random number", async () => {
    const { call, clock, network } = scriptedClient([503]);
    void call();
    const counts: number[] = [];
    for (const ms of [24, 1, 49, 1]) {
      await clock.advance(ms);
      counts.push(network.requests.length);
    }
    expect(counts).toEqual([1, 2, 2, 3]);
  });

  it("does as the server asks, up to 5 s more", async () => {
    const answer = { status: 503, headers: { "x-amz-retry-after": "60000" } };
    const { call, clock, network } = scriptedClient([answer]);
    void call();
    await clock.advance(5_024);
    expect(network.requests.length).toBe(1);
    await clock.advance(1);
    expect(network.requests.length).toBe(2);
  });

  it("takes any cockatiel back-off", async () => {
    const { call, clock, network } = scriptedClient([503], { retry: { backoff: new ConstantBackoff(700) } });
    void call();
    await clock.advance(699);
    expect(network.requests.length).toBe(1);
    await clock.advance(1);
    expect(network.requests.length).toBe(2);
  });

  it("signs each attempt anew, with the payload's hash made once", async () => {
    const { call, clock, network } = scriptedClient([503, 200], {
      retry: { backoff: new ConstantBackoff(2_000) },
    });
    void call();
    await clock.advance(2_000);
    const [first, second] = network.requests.map(({ headers }) => headers);
    expect(first?.["x-amz-date"]).toBe("20260102T030405Z");
    expect(second?.["x-amz-date"]).toBe("20260102T030407Z");
    expect(second?.authorization).not.toBe(first?.authorization);
    expect(second?.["x-amz-content-sha256"]).toBe(first?.["x-amz-content-sha256"]);
    expect(second?.["amz-sdk-invocation-id"]).toBe(first?.["amz-sdk-invocation-id"]);
    expect([first?.["amz-sdk-request"], second?.["amz-sdk-request"]]).toEqual([
      "attempt=1; max=3",
      "attempt=2; max=3",
    ]);
  });

  it("says what happened at each try, and that the model may have run", async () => {
    const { call, clock } = scriptedClient([503, { resets: "headers" }, 400]);
    const pending = call();
    await clock.advance(1_000);
    const { error } = await pending;
    expect(error?.name).toBe("ValidationError");
    expect(error?.mayHaveExecuted).toBe(true);
    expect(error?.attempts).toMatchObject([
      { number: 1, kind: "first", outcome: "server_error", error: "ServiceUnavailable", variant: "blue" },
      { number: 2, kind: "retry", outcome: "reset", error: "ConnectionError", httpStatusCode: undefined },
      { number: 3, kind: "retry", outcome: "invalid_request", httpStatusCode: 400, startedAfterMs: 75 },
    ]);
  });
});

describe("the retry budget of an endpoint", () => {
  it("ends retries when it is spent, and says so", async () => {
    const { call, clock, network, metric } = scriptedClient([503], {
      circuitBreaker: false,
      retry: { budget: { minPerSecond: 0.3 } },
    });
    const calls = Array.from({ length: 10 }, () => call());
    await clock.advance(1_000);
    await Promise.all(calls);
    expect(network.requests.length).toBe(10 + 3);
    expect(await metric("retries_suppressed_total", { reason: "budget" })).toBe(10);
  });

  it("is not touched by the retries of another endpoint", async () => {
    const { call, clock, network } = scriptedClient([503], {
      circuitBreaker: false,
      retry: { budget: { minPerSecond: 0.2 } },
    });
    const dead = Array.from({ length: 10 }, () => call({ EndpointName: "dead" }));
    await clock.advance(1_000);
    await Promise.all(dead);
    network.answerWith(503, 503, 200);
    const healthy = call({ EndpointName: "healthy" });
    await clock.advance(1_000);
    expect((await healthy).ok).toBe(true);
  });

  it("gets its token back when the caller gives up during the wait", async () => {
    const { call, clock } = scriptedClient([503], {
      circuitBreaker: false,
      retry: { budget: { minPerSecond: 0.1 } },
    });
    const controller = new AbortController();
    const first = call({}, { abortSignal: controller.signal });
    await clock.advance(10);
    controller.abort();
    expect((await first).error?.name).toBe("AbortError");
    const second = call();
    await clock.advance(1_000);
    expect((await second).error?.$metadata).toMatchObject({ attempts: 2 });
  });
});

describe("retry and the deadline", () => {
  it("starts no attempt that the deadline would cut off", async () => {
    const { call, clock, metric } = scriptedClient([503], {
      callTimeoutMs: 500,
      retry: { backoff: new ConstantBackoff(600) },
    });
    const pending = call();
    await clock.advance(0);
    expect((await pending).error?.name).toBe("ServiceUnavailable");
    expect(await metric("retries_suppressed_total", { reason: "deadline" })).toBe(1);
  });
});

describe("an operation that must not run twice", () => {
  it("is not repeated once it may have run", async () => {
    const { call, clock, network } = scriptedClient([{ resets: "headers" }]);
    const pending = call({ SessionId: "NEW_SESSION" });
    await clock.advance(10_000);
    expect((await pending).error).toMatchObject({ name: "ConnectionError", mayHaveExecuted: true });
    expect(network.requests.length).toBe(1);
  });

  it("is repeated where it certainly did not run", async () => {
    const { call, clock } = scriptedClient([{ resets: "connect" }, 429, 200]);
    const pending = call({ SessionId: "NEW_SESSION" });
    await clock.advance(10_000);
    expect((await pending).ok).toBe(true);
  });
});

describe("timeouts", () => {
  it("are not retried unless asked for", async () => {
    const timeouts = { socketMs: 1_000 };
    const once = scriptedClient(["silence"], { timeouts });
    const first = once.call();
    await once.clock.advance(5_000);
    expect((await first).error).toMatchObject({ name: "TimeoutError", clock: "socket", timeoutMs: 1_000 });
    expect(once.network.requests.length).toBe(1);

    const again = scriptedClient(["silence", 200], { timeouts, retry: { retryTimeouts: true } });
    const second = again.call();
    await again.clock.advance(5_000);
    expect((await second).ok).toBe(true);
  });

  it("of the whole call end it, whatever the attempt is doing", async () => {
    const { call, clock, network } = scriptedClient(["silence"], { callTimeoutMs: 300 });
    const pending = call();
    await clock.advance(300);
    const { error } = await pending;
    expect(error).toMatchObject({ name: "TimeoutError", clock: "call", timeoutMs: 300 });
    expect(error?.message).toBe("no answer to the call within 300 ms (callTimeoutMs)");
    expect(network.inFlight).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});
