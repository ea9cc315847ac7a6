import {
  CircuitState,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  handleAll,
  retry,
  TimeoutStrategy,
  timeout,
} from "cockatiel";
import { afterEach, describe, expect, it, vi } from "vitest";
import { InvokeEndpointWithResponseStreamCommand } from "../../lib/commands.ts";
import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { REFUSED } from "../../lib/resilience/breaker/breaker.ts";
import { testBreaker } from "../support/breakers.ts";
import { deferred } from "../support/deferred.ts";
import { settle } from "../support/fake-clock.ts";
import { scriptedClient } from "../support/scripted-client.ts";

const OPEN_MS = 1_000;

/** Their breaker with one failure to open it, and what it takes to move its clock, which is the wall's. */
function theirBreaker() {
  vi.useFakeTimers({ toFake: ["Date"] });
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(1),
  });
  const fail = () => breaker.execute(() => Promise.reject(new Error("down"))).catch(() => {});
  const step = (ms: number) => vi.setSystemTime(Date.now() + ms);
  return { breaker, fail, step };
}

function ourBreaker() {
  const breaker = () => new ConsecutiveBreaker(1);
  return testBreaker({ breaker, halfOpenAfterMs: OPEN_MS, halfOpenProbes: 1 });
}

afterEach(() => void vi.useRealTimers());

describe("what cockatiel's breaker gets wrong", () => {
  it("CK1: everybody waits without bound for a slow probe, and is released at once", async () => {
    const { breaker, fail, step } = theirBreaker();
    await fail();
    step(OPEN_MS);
    const probe = deferred();
    let running = 0;
    const first = breaker.execute(() => probe.promise);
    const herd = Array.from({ length: 500 }, () =>
      breaker.execute(async () => {
        running++;
        await settle();
      }),
    );
    const controller = new AbortController();
    let hasGivenUp = false;
    const aborted = breaker
      .execute(() => {}, controller.signal)
      .catch(() => {})
      .then(() => {
        hasGivenUp = true;
      });
    controller.abort();
    await settle();
    expect([running, hasGivenUp]).toEqual([0, false]);
    probe.resolve();
    await first;
    await settle();
    expect(running).toBe(500);
    await Promise.all([...herd, aborted]);

    const ours = ourBreaker();
    ours.trip();
    await ours.clock.advance(2 * OPEN_MS);
    const permit = ours.admitted();
    for (let index = 0; index < 500; index++) expect(ours.refuses()).toBe(true);
    ours.breaker.settle(permit, "success");
    const admitted = Array.from({ length: 500 }, () => ours.breaker.admit()).filter((p) => p !== REFUSED);
    expect(admitted.length).toBeLessThan(250);
  });

  it("CK3: a call from before the outage that fails after the recovery opens it again", async () => {
    const { breaker, fail, step } = theirBreaker();
    const old = deferred();
    const slow = breaker
      .execute(() => old.promise.then(() => Promise.reject(new Error("late"))))
      .catch(() => {});
    await fail();
    step(OPEN_MS);
    await breaker.execute(() => "up");
    expect(breaker.state).toBe(CircuitState.Closed);
    old.resolve();
    await slow;
    expect(breaker.state).toBe(CircuitState.Open);

    const ours = ourBreaker();
    const oldPermit = ours.admitted();
    ours.trip();
    await ours.clock.advance(2 * OPEN_MS);
    ours.breaker.settle(ours.admitted(), "success");
    const state = ours.breaker.state;
    ours.breaker.settle(oldPermit, "failure");
    expect(ours.breaker.state).toBe(state);
    expect(state).not.toBe("open");
  });

  it("CK8: where the wall clock is set back, it stays open for that much longer", async () => {
    const { breaker, fail, step } = theirBreaker();
    await fail();
    step(-3_600_000);
    step(10 * OPEN_MS);
    await expect(breaker.execute(() => "up")).rejects.toThrow(/open/i);

    const ours = ourBreaker();
    ours.trip();
    ours.clock.stepEpoch(-3_600_000);
    await ours.clock.advance(10 * OPEN_MS);
    expect(ours.breaker.admit()).not.toBe(REFUSED);
  });
});

describe("what cockatiel's retry and timeout get wrong", () => {
  it("CK4: an abort in a back-off neither ends the wait nor keeps the function from running again", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const theirs = retry(handleAll, { maxAttempts: 1, backoff: new ConstantBackoff(500) });
    const controller = new AbortController();
    let runs = 0;
    let isSettled = false;
    const failing = theirs
      .execute(() => {
        runs++;
        return Promise.reject(new Error("down"));
      }, controller.signal)
      .catch(() => {})
      .then(() => {
        isSettled = true;
      });
    await vi.advanceTimersByTimeAsync(20);
    controller.abort();
    await vi.advanceTimersByTimeAsync(400);
    expect(isSettled).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    await failing;
    expect(runs).toBe(2);
    vi.useRealTimers();

    const { call, clock, network } = scriptedClient([503], { random: () => 1 });
    const abort = new AbortController();
    const ours = call({}, { abortSignal: abort.signal });
    await clock.advance(20);
    abort.abort();
    expect((await ours).error).toMatchObject({ name: "AbortError" });
    await clock.advance(60_000);
    expect(network.requests).toHaveLength(1);
  });

  it("CK7: the signal of a timeout aborts when the function has returned, which ends a stream at its head", async () => {
    const theirs = timeout(60_000, TimeoutStrategy.Cooperative);
    const signal = await theirs.execute(({ signal }) => signal);
    expect(signal.aborted).toBe(true);

    const { client, clock, network } = scriptedClient([
      { status: 200, body: payloadPartFrame(Buffer.from("hello")) },
    ]);
    const command = new InvokeEndpointWithResponseStreamCommand({ EndpointName: "llm", Body: "{}" });
    const { Body } = await client.send(command, { callTimeoutMs: 1_000, requestTimeout: 1_000 });
    await clock.advance(5_000);
    expect(await Body.text()).toBe("hello");
    expect(network.aborted).toBe(0);
  });
});
