import { describe, expect, it } from "vitest";
import { hedgedClient, LEARNT, SLOW_MS, USUAL, USUAL_MS } from "../support/hedged-client.ts";
import { scriptedClient } from "../support/scripted-client.ts";

describe("a call that is slower than its peers", () => {
  it("is asked a second time, and answered by whichever attempt is first: here the hedge", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith("silence", { status: 200, headers: { "x-amzn-invoked-production-variant": "green" } });
    const pending = call();
    await clock.advance(SLOW_MS);
    const { output } = await pending;
    expect(output).toMatchObject({ InvokedProductionVariant: "green", $metadata: { attempts: 2 } });
    expect([network.aborted, network.inFlight, clock.pendingTimers]).toEqual([1, 0, 0]);
    expect(await metric("hedges_total", { result: "won" })).toBe(1);
    expect(await metric("attempts_total", { kind: "hedge", outcome: "ok", variant: "green" })).toBe(1);
    expect(await metric("attempts_total", { kind: "first", outcome: "cancelled" })).toBe(1);
    expect(await metric("requests_total", { outcome: "ok", variant: "green" })).toBe(1);
    expect(await metric("attempts_in_flight", {})).toBe(0);
  });

  it("is answered by the first attempt, if that is faster after all", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    const green = { status: 200, headers: { "x-amzn-invoked-production-variant": "green" } };
    network.answerWith({ afterMs: 30, answer: green }, "silence");
    const pending = call();
    await clock.advance(30);
    expect((await pending).output).toMatchObject({
      InvokedProductionVariant: "green",
      $metadata: { attempts: 2 },
    });
    expect([network.aborted, network.inFlight, clock.pendingTimers]).toEqual([1, 0, 0]);
    expect(await metric("hedges_total", { result: "lost" })).toBe(1);
    expect(await metric("attempts_total", { kind: "hedge", outcome: "cancelled" })).toBe(1);
    // The attempt that decided, and not the one that was started last.
    expect(await metric("requests_total", { outcome: "ok", variant: "green" })).toBe(1);
  });

  it("sends the same again, signed by itself, under the same invocation id", async () => {
    const { call, clock, network } = await hedgedClient();
    network.answerWith("silence", 200);
    const pending = call();
    await clock.advance(SLOW_MS);
    await pending;
    const [first, hedge] = network.requests.slice(LEARNT);
    expect(hedge?.body).toEqual(first?.body);
    expect(hedge?.path).toBe(first?.path);
    expect(hedge?.headers["amz-sdk-invocation-id"]).toBe(first?.headers["amz-sdk-invocation-id"]);
    expect(first?.headers["amz-sdk-request"]).toBe("attempt=1; max=3");
    expect(hedge?.headers["amz-sdk-request"]).toBe("attempt=2; max=3");
    expect(hedge?.headers.authorization).not.toBe(first?.headers.authorization);
  });

  it("goes on being slow in the eyes of the client: hedges that win do not lower what counts as slow", async () => {
    const { call, clock, network } = await hedgedClient({ hedge: { maxExtraLoad: 0.5 }, retry: false });
    // One in three is slow, and saved by a hedge that is fast.
    for (let i = 0; i < 100; i++) {
      const isSlow = i % 3 === 0;
      network.answerWith(...(isSlow ? (["silence", { afterMs: 5, answer: 200 }] as const) : [USUAL]));
      const pending = call();
      await clock.advance(100);
      await pending;
    }
    network.answerWith({ afterMs: USUAL_MS, answer: 200 }, 200);
    const sent = network.requests.length;
    const pending = call();
    await clock.advance(USUAL_MS);
    await pending;
    expect(network.requests.length).toBe(sent + 1);
  });
});

describe("nothing is hedged", () => {
  it("by default", async () => {
    const { client, call, clock, network } = scriptedClient([USUAL]);
    expect(client.middlewareStack.identify().join()).not.toContain("hedge");
    for (let i = 0; i < 100; i++) {
      const pending = call();
      await clock.advance(USUAL_MS);
      await pending;
    }
    network.answerWith("silence");
    void call();
    await clock.advance(1_000);
    expect(network.inFlight).toBe(1);
  });

  it("before enough is known of the target", async () => {
    const { call, clock, network } = await hedgedClient({ hedge: { minimumSamples: LEARNT + 1 } });
    network.answerWith("silence");
    void call();
    await clock.advance(1_000);
    expect(network.inFlight).toBe(1);
  });

  it("of a steady target, all of whose answers take about as long", async () => {
    const { call, clock, metric } = await hedgedClient();
    for (let i = 0; i < 50; i++) {
      const pending = call();
      await clock.advance(USUAL_MS);
      await pending;
    }
    expect(await metric("hedges_total", {})).toBe(0);
    expect(await metric("hedges_suppressed_total", {})).toBe(0);
  });

  it("of another target than the one that is known", async () => {
    const { call, clock, network } = await hedgedClient();
    network.answerWith("silence");
    void call({ TargetVariant: "green" });
    await clock.advance(1_000);
    expect(network.inFlight).toBe(1);
  });

  it("sooner than minDelayMs", async () => {
    const { call, clock, network } = await hedgedClient({ hedge: { minDelayMs: 200 } });
    network.answerWith("silence");
    void call();
    await clock.advance(199);
    expect(network.inFlight).toBe(1);
    await clock.advance(1);
    expect(network.inFlight).toBe(2);
  });

  it("of a session, whether it is open or to be opened", async () => {
    const { call, clock, network } = await hedgedClient();
    network.answerWith("silence");
    void call({ SessionId: "NEW_SESSION" });
    void call({ SessionId: "abc" });
    await clock.advance(1_000);
    expect(network.inFlight).toBe(2);
  });

  it("more than once at a time", async () => {
    const { call, clock, network } = await hedgedClient();
    network.answerWith("silence");
    void call();
    await clock.advance(10_000);
    expect(network.inFlight).toBe(2);
  });
});
