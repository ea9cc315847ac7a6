import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { layer } from "../../lib/layer.ts";
import { settle } from "../support/fake-clock.ts";
import { fullClient, noQueue } from "../support/full-client.ts";
import { scriptedClient } from "../support/scripted-client.ts";

describe("the limit and the layers around it", () => {
  it("deadline: it ends the wait, and nothing was sent", async () => {
    const { call, clock, network, metric } = await fullClient([200]);
    const pending = call({}, { callTimeoutMs: 400 });
    await clock.advance(400);
    expect((await pending).error).toMatchObject({ name: "TimeoutError", clock: "call", attempts: [] });
    expect(network.requests.length).toBe(1);
    expect(await metric("queue_depth", {})).toBe(0);
  });

  it("retry: a retry that finds the queue full gives the caller the answer it was for, and its budget back", async () => {
    const { call, clock, network } = scriptedClient([503], {
      ...noQueue,
      circuitBreaker: false,
      retry: { budget: { minPerSecond: 0.1, ratio: 0 } },
    });
    const refused = call();
    await settle();
    network.answerWith("silence");
    const holder = call({}, { callTimeoutMs: 5_000 });
    await clock.advance(100);
    expect((await refused).error).toMatchObject({ name: "ServiceUnavailable", $metadata: { attempts: 1 } });
    await clock.advance(5_000);
    await holder;
    // The only retry of these 10 s is still there.
    network.answerWith(503, 200);
    const retried = call();
    await clock.advance(100);
    expect((await retried).output?.$metadata).toMatchObject({ attempts: 2 });
  });

  it("retry: an abort of a queued retry is an AbortError, and gives its budget back", async () => {
    const { call, clock, network } = scriptedClient([503], {
      concurrencyLimit: 1,
      circuitBreaker: false,
      retry: { budget: { minPerSecond: 0.1, ratio: 0 } },
    });
    const controller = new AbortController();
    const aborted = call({}, { abortSignal: controller.signal });
    await settle();
    network.answerWith("silence");
    const holder = call({}, { callTimeoutMs: 5_000 });
    await clock.advance(100);
    controller.abort();
    expect((await aborted).error).toMatchObject({ name: "AbortError", $metadata: { attempts: 1 } });
    await clock.advance(5_000);
    await holder;
    network.answerWith(503, 200);
    const retried = call();
    await clock.advance(100);
    expect((await retried).output?.$metadata).toMatchObject({ attempts: 2 });
  });

  it("breaker: refusals are no failures of the target", async () => {
    const { call, metric } = await fullClient([200], {
      ...noQueue,
      circuitBreaker: { breaker: () => new ConsecutiveBreaker(1) },
    });
    for (let i = 0; i < 10; i++) await call();
    expect(await metric("breaker_state", { state: "closed" })).toBe(1);
  });

  it("breaker: a probe that finds no permit is a probe not made, and the next one may go", async () => {
    const { call, clock, network, metric } = scriptedClient([503], {
      retry: false,
      circuitBreaker: {
        breaker: () => new ConsecutiveBreaker(1),
        halfOpenProbes: 1,
        recoveryRampMs: 0,
        key: ({ variant }) => variant ?? "",
      },
      concurrencyLimit: { ...noQueue.concurrencyLimit, key: ({ endpoint }) => endpoint },
    });
    // Two breakers over one limit: that of a variant is open while another variant's call holds the permit.
    await call({ TargetVariant: "blue" });
    network.answerWith("silence");
    const holder = call({ TargetVariant: "green" }, { callTimeoutMs: 20_000 });
    await clock.advance(10_000);
    expect((await call({ TargetVariant: "blue" })).error?.name).toBe("ConcurrencyLimitError");
    expect(await metric("breaker_state", { variant: "blue", state: "half_open" })).toBe(1);
    await clock.advance(10_000);
    await holder;
    network.answerWith(200);
    expect((await call({ TargetVariant: "blue" })).ok).toBe(true);
    expect(await metric("breaker_state", { variant: "blue", state: "closed" })).toBe(1);
  });

  it("breaker: waiting for a permit is not slowness of the target", async () => {
    const { call, clock, network, metric } = scriptedClient(["silence"], {
      retry: false,
      circuitBreaker: { breaker: { consecutiveFailures: 1 }, slowCallMs: 300 },
      concurrencyLimit: { algorithm: "fixed", initial: 1, key: ({ endpoint }) => endpoint },
    });
    const holder = call({ TargetVariant: "green" }, { callTimeoutMs: 2_000 });
    await settle();
    network.answerWith(200);
    const served = call({ TargetVariant: "blue" });
    const late = call({ TargetVariant: "blue" }, { callTimeoutMs: 1_000 });
    await clock.advance(2_000);
    expect((await late).error).toMatchObject({ clock: "call" });
    expect((await served).ok).toBe(true);
    await holder;
    expect(await metric("breaker_transitions_total", { to: "open", variant: "blue" })).toBe(0);
    expect(await metric("breaker_transitions_total", { to: "open", variant: "green" })).toBe(1);
  });

  it("sign: the signature is of after the wait", async () => {
    const { call, clock, network, release } = await fullClient([200]);
    const waiting = call();
    await clock.advance(9_000);
    await release();
    await waiting;
    const [first, second] = network.requests.map(({ headers }) => headers["x-amz-date"]);
    expect([first, second]).toEqual(["20260102T030405Z", "20260102T030414Z"]);
  });

  it("metrics: attempts take what they take from their permit on", async () => {
    const { call, clock, release, metric } = await fullClient([200]);
    const waiting = call();
    await clock.advance(2_000);
    await release();
    await waiting;
    expect(await metric("attempt_duration_seconds_sum", { status: "ok" })).toBe(0);
    expect(await metric("request_duration_seconds_sum", { status: "ok" })).toBe(2);
    expect(await metric("attempts_in_flight", {})).toBe(0);
  });

  it("errors: they say how long each attempt waited", async () => {
    const { call, clock, release } = await fullClient([400], { retry: false });
    const waiting = call();
    await clock.advance(2_000);
    await release();
    expect((await waiting).error?.attempts).toMatchObject([{ queuedMs: 2_000, durationMs: 0 }]);
  });

  it("destroy: it ends every wait, and leaves nothing", async () => {
    const { client, call, clock, metric, release } = await fullClient([200]);
    const waiting = [call(), call()];
    await settle();
    client.destroy();
    for (const { error } of await Promise.all(waiting)) expect(error?.name).toBe("AbortError");
    await release();
    expect(clock.pendingTimers).toBe(0);
    expect(await metric("queue_depth", {})).toBe(0);
  });

  it("a layer that throws inside of it: the permit comes back", async () => {
    const { client, call } = scriptedClient([200], noQueue);
    let fails = true;
    client.middlewareStack.use(
      layer(
        { name: "faulty", relation: "after", toMiddleware: "concurrencyLimit" },
        (next) => async (args) => {
          if (fails) throw new TypeError("a bug");
          return next(args);
        },
      ),
    );
    for (let i = 0; i < 3; i++) expect((await call()).error?.message).toBe("a bug");
    fails = false;
    expect((await call()).ok).toBe(true);
  });
});
