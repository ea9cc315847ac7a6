import { describe, expect, it } from "vitest";
import { waitUntilModelReady } from "../../lib/index.ts";
import { scriptedClient } from "../support/scripted-client.ts";
import { NO_CAPACITY } from "../support/scripted-dispatcher.ts";

const input = { EndpointName: "churn", TargetModel: "a.tar.gz", Body: "0" };
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    (value) => ({ value }),
    (error: Error) => ({ error }),
  );

describe("waitUntilModelReady", () => {
  describe.each([
    ["is being loaded", 429],
    ["was scaled to zero", NO_CAPACITY],
  ])("where the model %s", (_state, notReady) => {
    it.each([
      ["with the client's own patience", {}],
      ["with a client that waits for nothing", { retry: { warmUp: false } as const }],
      ["with a client of one attempt", { retry: false, circuitBreaker: false } as const],
    ])("resolves with the first answer, %s", async (_name, config) => {
      const { client, clock, network } = scriptedClient([notReady], config);
      const waiting = outcome(waitUntilModelReady({ client, maxWaitTime: 300 }, input));
      await clock.advance(100_000);
      network.answerWith({ status: 200, body: "1" });
      await clock.advance(60_000);
      expect(await waiting).toMatchObject({
        value: { state: "SUCCESS", reason: { $metadata: { httpStatusCode: 200 } } },
      });
    });
  });

  it("does not take the answer of an alternative for that of the model", async () => {
    const fallback = { alternatives: [{ answer: { Body: "0.5" } }] };
    const { client, clock, network } = scriptedClient([429], { fallback });
    const waiting = outcome(waitUntilModelReady({ client, maxWaitTime: 300 }, input));
    await clock.advance(100_000);
    network.answerWith({ status: 200, body: "1" });
    await clock.advance(60_000);
    const { value } = (await waiting) as { value: Awaited<ReturnType<typeof waitUntilModelReady>> };
    expect(value.reason.Body.transformToString()).toBe("1");
    expect(value.reason.$metadata.fallback).toBeUndefined();
  });

  it("gives up with a TimeoutError after maxWaitTime", async () => {
    const { client, clock } = scriptedClient([429], { retry: { warmUp: false } });
    const waiting = outcome(waitUntilModelReady({ client, maxWaitTime: 20 }, input));
    await clock.advance(20_000);
    expect(await waiting).toMatchObject({ error: { name: "TimeoutError", timeoutMs: 20_000 } });
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends with an AbortError within a tick of the signal", async () => {
    const { client, clock } = scriptedClient([429], { retry: { warmUp: false } });
    const controller = new AbortController();
    const { signal: abortSignal } = controller;
    const waiting = outcome(waitUntilModelReady({ client, maxWaitTime: 20, abortSignal }, input));
    await clock.advance(100);
    controller.abort(new Error("shutting down"));
    await clock.advance(0);
    expect(await waiting).toMatchObject({
      error: { name: "AbortError", cause: { message: "shutting down" } },
    });
    expect(clock.pendingTimers).toBe(0);
  });

  it("leaves every other error to the caller", async () => {
    const { client } = scriptedClient([400]);
    const waiting = waitUntilModelReady({ client, maxWaitTime: 20 }, input);
    await expect(waiting).rejects.toThrow(expect.objectContaining({ name: "ValidationError" }));
  });

  it.each([
    [{ maxWaitTime: 0 }, "maxWaitTime must be a number of seconds above 0 and up to 2147483, got 0"],
    [
      { maxWaitTime: 1e9 },
      "maxWaitTime must be a number of seconds above 0 and up to 2147483, got 1000000000",
    ],
    [{ maxWaitTime: 1, minDelay: 5, maxDelay: 2 }, "maxDelay must be at least minDelay (5), got 2"],
  ])("refuses %o by name", async (configuration, message) => {
    const { client } = scriptedClient([200]);
    await expect(waitUntilModelReady({ client, ...configuration }, input)).rejects.toThrow(message);
  });
});
