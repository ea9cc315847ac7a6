import { describe, expect, it } from "vitest";
import { exceptionFrame, payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import { InvokeEndpointWithResponseStreamCommand } from "../../lib/index.ts";
import { hedgedClient, LEARNT, SLOW_MS, USUAL_MS } from "../support/hedged-client.ts";
import type { ScriptedClient } from "../support/scripted-client.ts";

const answered = (text: string) => ({ status: 200, body: payloadPartFrame(Buffer.from(text)) });

function open({ client }: ScriptedClient, abortSignal?: AbortSignal) {
  const command = new InvokeEndpointWithResponseStreamCommand({ EndpointName: "churn", Body: "{}" });
  return client.send(command, { abortSignal });
}

/** A client that has learnt how fast its target's streams begin. */
async function streamingClient(config: Parameters<typeof hedgedClient>[0] = {}) {
  const test = await hedgedClient(config);
  test.network.answerWith({ afterMs: USUAL_MS, answer: answered("x") });
  for (let i = 0; i < LEARNT; i++) {
    const pending = open(test);
    await test.clock.advance(USUAL_MS);
    await (await pending).Body.text();
  }
  return test;
}

describe("a stream whose head is slow", () => {
  it("is hedged: the first head counts, and the other attempt is destroyed", async () => {
    const test = await streamingClient();
    test.network.answerWith("silence", answered("from the hedge"));
    const pending = open(test);
    await test.clock.advance(SLOW_MS);
    const { Body } = await pending;
    expect([test.network.inFlight, test.network.aborted]).toEqual([0, 1]);
    expect(await Body.text()).toBe("from the hedge");
    expect(await test.metric("hedges_total", { result: "won" })).toBe(1);
    expect(await test.metric("attempts_total", { kind: "hedge", outcome: "ok" })).toBe(1);
    expect(await test.metric("requests_in_flight", {})).toBe(0);
    expect(test.clock.pendingTimers).toBe(0);
  });

  it("is ended with the block of an await using, where nobody has begun to read what the hedge brought", async () => {
    const test = await streamingClient();
    test.network.answerWith("silence", answered("from the hedge"));
    const pending = open(test);
    await test.clock.advance(SLOW_MS);
    const { Body } = await pending;
    await test.client[Symbol.asyncDispose]();
    await expect(Body.text()).rejects.toThrow("The client was destroyed");
    expect(await test.metric("requests_in_flight", {})).toBe(0);
  });

  it("is read from the first attempt, where that is faster after all, and counts until it was read", async () => {
    const test = await streamingClient();
    test.network.answerWith({ afterMs: 30, answer: answered("from the first") }, "silence");
    const pending = open(test);
    await test.clock.advance(30);
    const { Body } = await pending;
    expect(await test.metric("requests_in_flight", {})).toBe(1);
    expect(await Body.text()).toBe("from the first");
    expect(await test.metric("requests_in_flight", {})).toBe(0);
    expect(await test.metric("attempts_in_flight", {})).toBe(0);
    await test.client.close();
  });

  it.each([
    ["first", [{ afterMs: 30, answer: answered("x") }, "silence"]],
    ["hedge", ["silence", answered("x")]],
  ] as const)("is ended by abort while it is read, when the %s has won", async (_, script) => {
    const test = await streamingClient();
    test.network.answerWith(...script);
    const controller = new AbortController();
    const pending = open(test, controller.signal);
    await test.clock.advance(30);
    const { Body } = await pending;
    controller.abort();
    await expect(Body.text()).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    expect(test.clock.pendingTimers).toBe(0);
    expect(await test.metric("requests_in_flight", {})).toBe(0);
  });

  it("is known by itself: how long whole answers take says nothing about it", async () => {
    const test = await hedgedClient();
    test.network.answerWith("silence");
    open(test).catch(() => {});
    await test.clock.advance(1_000);
    expect(test.network.inFlight).toBe(1);
    test.client.destroy();
  });
});

describe("a stream that has begun", () => {
  it("is never hedged, nor repeated, when it breaks", async () => {
    const test = await streamingClient();
    const body = Buffer.concat([
      payloadPartFrame(Buffer.from("hello")),
      exceptionFrame("ModelStreamError", { Message: "m", ErrorCode: "StreamBroken" }),
    ]);
    test.network.answerWith({ status: 200, body });
    const { Body } = await open(test);
    await test.clock.advance(1_000);
    await expect(Body.text()).rejects.toThrow(expect.objectContaining({ name: "ModelStreamError" }));
    expect(test.network.requests.length).toBe(2 * LEARNT + 1);
  });
});

describe("a stream with peekFirstEvent", () => {
  it("takes the hedge's answer, where the first attempt's first event is an error", async () => {
    const test = await streamingClient({ peekFirstEvent: true });
    const broken = exceptionFrame("ModelStreamError", { Message: "m", ErrorCode: "StreamBroken" });
    test.network.answerWith(
      { afterMs: SLOW_MS + 5, answer: { status: 200, body: broken } },
      { afterMs: 30, answer: answered("from the hedge") },
    );
    const pending = open(test);
    await test.clock.advance(100);
    expect(await (await pending).Body.text()).toBe("from the hedge");
    expect(await test.metric("attempts_in_flight", {})).toBe(0);
    expect(test.clock.pendingTimers).toBe(0);
  });
});
