import { describe, expect, it } from "vitest";
import { scriptedClient } from "../support/scripted-client.ts";
import { NO_CAPACITY } from "../support/scripted-dispatcher.ts";

const model = { TargetModel: "a.tar.gz" };

describe("a model that is being loaded", () => {
  it("is waited for: 8 s of ModelNotReady give one answer under callTimeoutMs 30 s", async () => {
    const { call, clock, network, metric } = scriptedClient([429], { callTimeoutMs: 30_000 });
    const pending = call(model);
    await clock.advance(8_000);
    network.answerWith({ status: 200, body: "ready" });
    await clock.advance(10_000);
    const { output } = await pending;
    expect(output?.Body.transformToString()).toBe("ready");
    expect(await metric("requests_total", { outcome: "ok" })).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it("takes neither attempts nor budget: more questions than maxAttempts, and no retry counted as paid", async () => {
    const { call, clock, network } = scriptedClient([429], {
      retry: { maxAttempts: 2, budget: { minPerSecond: 0.1 } },
    });
    const pending = call(model);
    await clock.advance(60_000);
    expect(network.requests.length).toBeGreaterThan(5);
    network.answerWith(503, 200);
    await clock.advance(30_000);
    expect((await pending).ok).toBe(true);
  });

  it("is asked by one caller at a time, and everybody is answered soon after it is ready", async () => {
    const { call, clock, network } = scriptedClient([429], { callTimeoutMs: 300_000 });
    const first = call(model);
    await clock.advance(1);
    const rest = Array.from({ length: 999 }, () => call(model));
    network.maxInFlight = 0;
    await clock.advance(120_000);
    expect(network.maxInFlight).toBe(1);
    const questions = network.requests.length;
    expect(questions).toBeLessThan(25);
    network.answerWith(200);
    while (network.requests.length === questions) await clock.advance(100);
    await clock.advance(2_000);
    const all = await Promise.all([first, ...rest]);
    expect(all.every(({ ok }) => ok)).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is found to be ready by a call that has time for the answer, not by the one that is about to give up", async () => {
    const { call, clock, network } = scriptedClient([429], { callTimeoutMs: 10_000 });
    const calls: ReturnType<typeof call>[] = [];
    for (let ms = 0; ms < 8_000; ms += 50) {
      calls.push(call(model));
      await clock.advance(50);
    }
    network.answerWith({ afterMs: 100, answer: 200 });
    await clock.advance(10_000);
    const answered = (await Promise.all(calls)).map(({ ok }) => ok);
    // It is asked after 0, 0.75, 2.25, 5.25 and 11.25 s: too late for the calls of the first 1.45 s.
    expect(answered.slice(30)).not.toContain(false);
  });

  it("is not waited for by a call whose deadline comes before the next question", async () => {
    const { call, clock } = scriptedClient([429]);
    const patient = call(model);
    await clock.advance(1);
    const { error } = await call(model, { callTimeoutMs: 100 });
    expect(error).toMatchObject({ name: "ModelNotReadyException", mayHaveExecuted: false, attempts: [] });
    void patient;
  });

  it("is not waited for by the very call that finds it loading, if its deadline comes first", async () => {
    const { call, clock } = scriptedClient([429]);
    const pending = call(model, { callTimeoutMs: 300 });
    await clock.advance(1);
    expect((await pending).error).toMatchObject({
      name: "ModelNotReadyException",
      attempts: [{ number: 1 }],
    });
  });

  it("counts as retries only what was sent again", async () => {
    const { call, clock, network, metric } = scriptedClient([429, "silence"], { callTimeoutMs: 300_000 });
    const calls = [call(model)];
    await clock.advance(1);
    for (let i = 0; i < 9; i++) calls.push(call(model));
    await clock.advance(5_000);
    expect(network.requests.length).toBe(2);
    expect(await metric("retries_total", {})).toBeLessThanOrEqual(1);
    network.answerWith(200);
    await clock.advance(120_000);
    expect(await metric("attempts_total", { kind: "first" })).toBeGreaterThanOrEqual(9);
    void calls;
  });

  it("is not waited for past warmUp.maxWaitMs", async () => {
    const { call, clock } = scriptedClient([429], { retry: { warmUp: { maxWaitMs: 5_000 } } });
    const pending = call(model);
    await clock.advance(6_000);
    expect((await pending).error?.name).toBe("ModelNotReadyException");
  });

  it("is not waited for with warmUp: false", async () => {
    const { call, network } = scriptedClient([429], { retry: { warmUp: false } });
    expect((await call(model)).error?.name).toBe("ModelNotReadyException");
    expect((await call(model)).error?.name).toBe("ModelNotReadyException");
    expect(network.requests.length).toBe(1);
  });

  it("is waited for when it scales from zero, which arrives as ValidationError", async () => {
    const { call, clock, network } = scriptedClient([NO_CAPACITY], { callTimeoutMs: 60_000 });
    const pending = call({ InferenceComponentName: "llm" });
    await clock.advance(20_000);
    network.answerWith(200);
    await clock.advance(20_000);
    expect((await pending).ok).toBe(true);
  });

  it("survives a 503 in the middle of loading", async () => {
    const { call, clock, network } = scriptedClient([429, 503, 429, 200]);
    const pending = call(model);
    await clock.advance(60_000);
    expect((await pending).ok).toBe(true);
    expect(network.requests.length).toBe(4);
  });

  it("releases its callers at once when it turns out to be broken", async () => {
    const { call, clock, network } = scriptedClient([429]);
    const calls = [call(model)];
    await clock.advance(1);
    calls.push(call(model), call(model));
    network.answerWith(503);
    await clock.advance(60_000);
    const names = (await Promise.all(calls)).map(({ error }) => error?.name);
    expect(names.every((name) => name === "ServiceUnavailable" || name === "CircuitOpenError")).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("one cold variant among warm ones", () => {
  it("makes an untargeted call ask again soon, and holds nobody up", async () => {
    const { call, clock, network } = scriptedClient([429, 200]);
    const unlucky = call();
    await clock.advance(0);
    expect((await call()).ok).toBe(true);
    await clock.advance(100);
    expect((await unlucky).output?.$metadata.attempts).toBe(2);
    expect(network.requests.length).toBe(3);
  });
});

describe("an abort while waiting for a model", () => {
  it("ends the call within a tick and leaves nothing behind", async () => {
    const { call, clock, network } = scriptedClient([429]);
    const controller = new AbortController();
    const waiting = [call(model, { abortSignal: controller.signal })];
    await clock.advance(1);
    waiting.push(call(model, { abortSignal: controller.signal }));
    await clock.advance(1);
    const sent = network.requests.length;
    controller.abort(new Error("no longer needed"));
    await clock.advance(0);
    const errors = (await Promise.all(waiting)).map(({ error }) => error);
    expect(errors.map((error) => error?.name)).toEqual(["AbortError", "AbortError"]);
    expect(errors[0]?.cause).toMatchObject({ message: "no longer needed" });
    await clock.advance(60_000);
    expect(network.requests.length).toBe(sent);
  });
});
