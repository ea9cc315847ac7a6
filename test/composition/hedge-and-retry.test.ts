import { describe, expect, it } from "vitest";
import { LEAST_STORED } from "../../lib/resilience/hedge-allowance.ts";
import { hedgedClient, SLOW_MS } from "../support/hedged-client.ts";

const unavailable = { afterMs: 10, answer: 503 } as const;
const late503 = { afterMs: SLOW_MS + 20, answer: 503 } as const;

describe("a hedged attempt and retry", () => {
  it("are tried again when both have failed; the error has all three in its history", async () => {
    const { call, clock, network, metric } = await hedgedClient({ maxAttempts: 2 });
    network.answerWith(late503, unavailable, { status: 424, body: "{}" });
    const pending = call();
    await clock.advance(2_000);
    const { error } = await pending;
    expect(error?.name).toBe("ModelError");
    expect(error?.attempts).toMatchObject([
      { number: 1, kind: "first", outcome: "server_error", durationMs: SLOW_MS + 20 },
      { number: 2, kind: "hedge", outcome: "server_error", durationMs: 10 },
      { number: 3, kind: "retry", outcome: "model_error" },
    ]);
    expect(error).toMatchObject({ mayHaveExecuted: true, $metadata: { attempts: 3 } });
    expect(await metric("hedges_total", { result: "failed" })).toBe(1);
    expect(await metric("retries_total", { reason: "server_error" })).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it("are not tried again while one of them may still answer", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith({ afterMs: SLOW_MS + 5, answer: 503 }, { afterMs: 30, answer: 200 });
    const pending = call();
    await clock.advance(200);
    expect((await pending).output?.$metadata.attempts).toBe(2);
    expect(await metric("retries_total", {})).toBe(0);
    expect(await metric("hedges_total", { result: "won" })).toBe(1);
  });

  it("leave a first attempt that fails before it is slow to retry alone", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith({ afterMs: 5, answer: 503 }, 200);
    const pending = call();
    await clock.advance(200);
    expect((await pending).output?.$metadata.attempts).toBe(2);
    expect(await metric("hedges_total", {})).toBe(0);
    expect(await metric("attempts_total", { kind: "retry" })).toBe(1);
  });

  it("hedge a retry as well", async () => {
    const { call, clock, network } = await hedgedClient();
    network.answerWith({ afterMs: 5, answer: 503 }, "silence", 200);
    const pending = call();
    await clock.advance(200);
    expect((await pending).output?.$metadata.attempts).toBe(3);
    expect(network.requests.at(-1)?.headers["amz-sdk-request"]).toBe("attempt=3; max=3");
  });

  it("are tried again for the sake of the hedge's error, where that is the one that counts", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith({ afterMs: 30, answer: 424 }, { afterMs: 60, answer: 503 }, 200);
    const pending = call();
    await clock.advance(2_000);
    expect((await pending).output?.$metadata.attempts).toBe(3);
    expect(await metric("retries_total", { reason: "server_error" })).toBe(1);
  });

  it.each([
    ["the last one", late503, { afterMs: 1, answer: 500 }, "ServiceUnavailable"],
    ["the last one, be it the hedge's", { afterMs: SLOW_MS, answer: 500 }, late503, "ServiceUnavailable"],
    ["the one that may be tried again", late503, { afterMs: 60, answer: 400 }, "ServiceUnavailable"],
  ] as const)("give up with %s of two errors", async (_, first, hedge, name) => {
    const { call, clock, network } = await hedgedClient({ maxAttempts: 1 });
    network.answerWith(first, hedge);
    const pending = call();
    await clock.advance(200);
    expect((await pending).error).toMatchObject({ name, $metadata: { attempts: 2 } });
  });

  it("end at once where the answer says that the request is wrong: the other would get the same", async () => {
    const { call, clock, network, metric } = await hedgedClient();
    network.answerWith({ afterMs: 30, answer: 400 }, "silence");
    const pending = call();
    await clock.advance(30);
    const { error } = await pending;
    expect(error).toMatchObject({
      name: "ValidationError",
      attempts: [{ outcome: "invalid_request" }, { kind: "hedge", outcome: "cancelled" }],
    });
    expect([network.inFlight, clock.pendingTimers]).toEqual([0, 0]);
    expect(await metric("hedges_total", { result: "lost" })).toBe(1);
  });

  it("draw on one budget: what a hedge has taken, no retry has, and the other way round", async () => {
    const oneExtra = { retry: { budget: { minPerSecond: 0.1, ratio: 0 } } };
    const hedged = await hedgedClient(oneExtra);
    hedged.network.answerWith("silence", 200, { afterMs: 5, answer: 503 });
    const saved = hedged.call();
    await hedged.clock.advance(100);
    expect((await saved).ok).toBe(true);
    const failed = hedged.call();
    await hedged.clock.advance(1_000);
    expect((await failed).error?.$metadata).toMatchObject({ attempts: 1 });
    expect(await hedged.metric("retries_suppressed_total", { reason: "budget" })).toBe(1);

    const retried = await hedgedClient(oneExtra);
    retried.network.answerWith({ afterMs: 5, answer: 503 }, 200, "silence");
    const again = retried.call();
    await retried.clock.advance(1_000);
    expect((await again).ok).toBe(true);
    void retried.call();
    await retried.clock.advance(1_000);
    expect(await retried.metric("hedges_suppressed_total", { reason: "budget" })).toBe(1);
    expect(retried.network.inFlight).toBe(1);
  });

  it("hedge without retry, too: then maxExtraLoad alone bounds it", async () => {
    const { call, clock, network, metric } = await hedgedClient({ retry: false });
    network.answerWith("silence");
    for (let i = 0; i < 12; i++) void call();
    await clock.advance(1_000);
    // All that may be stored: the attempts of the last 10 s have earned no more.
    expect(await metric("attempts_in_flight", {})).toBe(12 + LEAST_STORED);
    expect(await metric("hedges_suppressed_total", { reason: "load" })).toBe(12 - LEAST_STORED);
  });
});
