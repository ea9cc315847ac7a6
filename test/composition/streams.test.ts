import { ConsecutiveBreaker } from "cockatiel";
import { afterEach, describe, expect, it } from "vitest";
import { exceptionFrame, payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { InvokeEndpointWithResponseStreamCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import type { ConcurrencyLimitOptions } from "../../lib/resilience/limiter/options.ts";
import { settle } from "../support/fake-clock.ts";
import { type ScriptedClient, scriptedClient } from "../support/scripted-client.ts";

const part = payloadPartFrame(Buffer.from("hello"));
const broken = Buffer.concat([
  part,
  exceptionFrame("ModelStreamError", { Message: "m", ErrorCode: "StreamBroken" }),
]);

// A stream that nobody holds is closed when it is collected, which would end what these tests are about at a chance time.
const held = new Set<unknown>();
afterEach(() => held.clear());

async function open({ client }: ScriptedClient, abortSignal?: AbortSignal) {
  const command = new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "{}" });
  const output = await client.send(command, { abortSignal });
  held.add(output);
  return output;
}

describe("a stream and the breaker", () => {
  it("counts once, at its end: streams that break open it", async () => {
    const test = scriptedClient([{ status: 200, body: broken }], {
      circuitBreaker: { breaker: () => new ConsecutiveBreaker(3) },
    });
    for (let i = 0; i < 3; i++) {
      const { Body } = await open(test);
      await expect(Body.text()).rejects.toThrow(expect.objectContaining({ name: "ModelStreamError" }));
    }
    await expect(open(test)).rejects.toThrow(expect.objectContaining({ name: "CircuitOpenError" }));
    expect(await test.metric("attempts_total", { outcome: "model_error" })).toBe(3);
  });
});

describe("streams and the breaker's default rule", () => {
  const flowing = { status: 200, body: part };

  it("stays closed beside timeouts while heads come between them, though no stream has ended", async () => {
    const test = scriptedClient([flowing], {
      maxAttempts: 1,
      timeouts: { attemptMs: 300 },
      concurrencyLimit: 64,
    });
    for (let round = 0; round < 7; round++) {
      test.network.answerWith(flowing);
      for (let stream = 0; stream < 6; stream++) await open(test);
      test.network.answerWith("silence");
      const lost = test.call();
      const lostToo = test.call();
      await test.clock.advance(300);
      for (const { error } of await Promise.all([lost, lostToo])) expect(error?.name).toBe("TimeoutError");
    }
    expect(await test.metric("breaker_transitions_total", { to: "open" })).toBe(0);
    test.client.destroy();
  });

  it("opens where every stream begins and then breaks, also of a target with few calls", async () => {
    const test = scriptedClient([{ status: 200, body: broken }], { maxAttempts: 1 });
    for (let i = 0; i < 7; i++) {
      expect(await test.metric("breaker_transitions_total", { to: "open" })).toBe(0);
      const { Body } = await open(test);
      await expect(Body.text()).rejects.toThrow(expect.objectContaining({ name: "ModelStreamError" }));
      await test.clock.advance(5_000);
    }
    expect(await test.metric("breaker_transitions_total", { to: "open" })).toBe(1);
  });
});

describe("streams that go on while the limit is cut below their number", () => {
  async function cutBelowStreams(concurrencyLimit: ConcurrencyLimitOptions) {
    const config = { maxAttempts: 1, circuitBreaker: false, concurrencyLimit } as const;
    const test = scriptedClient([{ status: 200, body: part }], config);
    for (let i = 0; i < 20; i++) await open(test);
    test.network.answerWith(503);
    for (let i = 0; i < 16; i++) {
      for (let call = 0; call < 2; call++) void test.call();
      await test.clock.advance(250);
    }
    const [limiter] = test.client.limiters;
    expect(limiter?.limit).toBeLessThan(limiter?.inFlight ?? 0);
    test.network.answerWith({ afterMs: 10, answer: 200 });
    return test;
  }

  it("leave room for as many other attempts as the lowest limit has", async () => {
    const test = await cutBelowStreams({});
    const calls = Array.from({ length: 5 }, () => test.call());
    await settle();
    expect(test.network.inFlight).toBe(4);
    await test.clock.advance(20);
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true);
    test.client.destroy();
  });

  it("leave none beyond the highest", async () => {
    const test = await cutBelowStreams({ max: 22 });
    for (let i = 0; i < 5; i++) void test.call();
    await settle();
    expect(test.network.inFlight).toBe(2);
    test.client.destroy();
  });
});

describe("a stream that breaks in the very tick in which its head came", () => {
  it("counts by what broke it, read or not", async () => {
    const test = scriptedClient([{ resets: "body" }], {
      circuitBreaker: { breaker: () => new ConsecutiveBreaker(1) },
    });
    await open(test);
    expect(await test.metric("attempts_total", { outcome: "reset" })).toBe(1);
    expect(await test.metric("requests_total", { outcome: "reset" })).toBe(1);
    expect([...test.client.breakers].map(({ state }) => state)).toEqual(["open"]);
  });
});

describe("a stream that is read for longer than its call might have taken", () => {
  it("has used up of its deadline what it took until its head", async () => {
    const slow = { afterMs: 30, answer: { status: 200, body: part } };
    const test = scriptedClient([slow], { callTimeoutMs: 100 });
    const opening = open(test);
    await test.clock.advance(30);
    const { Body } = await opening;
    await test.clock.advance(900);
    expect(await Body.text()).toBe("hello");
    expect(await test.metric("deadline_used_ratio_sum", {})).toBeCloseTo(0.3, 6);
    expect(await test.metric("request_duration_seconds_sum", { status: "ok" })).toBeCloseTo(0.93, 6);
  });
});

describe("a stream that has arrived and was not read", () => {
  it.each(["abort", "destroy"])("is ended by %s, and leaves nothing behind", async (how) => {
    const test = scriptedClient([{ status: 200, body: part }]);
    const controller = new AbortController();
    const { Body } = await open(test, controller.signal);
    if (how === "abort") controller.abort();
    else test.client.destroy();
    await settle();
    await expect(Body.text()).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    expect(test.clock.pendingTimers).toBe(0);
    expect(await test.metric("requests_in_flight", {})).toBe(0);
    await test.client.close();
  });
});

describe("a layer that fails on an answer that is still arriving", () => {
  it("ends the answer: the call failed, and nothing of it stays", async () => {
    const test = scriptedClient([{ status: 200, body: part }]);
    const picky = layer(
      { name: "picky", step: "finalizeRequest", priority: "low" },
      (next) => async (args) => {
        await next(args);
        throw new Error("not what I like");
      },
    );
    test.client.middlewareStack.use(picky);
    await expect(open(test)).rejects.toThrow("not what I like");
    await settle();
    expect(test.clock.pendingTimers).toBe(0);
    expect(await test.metric("attempts_in_flight", {})).toBe(0);
    await test.client.close();
  });
});
