import { describe, expect, it } from "vitest";
import { scriptedClient } from "../support/scripted-client.ts";

const ANSWER_MS = 100;
const LIMIT = 10;

describe("a queue of calls with the same deadline, at a target that is asked for more than it can do", () => {
  it.each([
    ["short beside the queue's time limit", 300],
    ["hardly longer than an answer takes", 120],
  ])(
    "keeps the target at work for calls that can be answered, where that deadline is %s",
    async (_, callTimeoutMs) => {
      const test = scriptedClient([{ afterMs: ANSWER_MS, answer: 200 }], {
        callTimeoutMs,
        concurrencyLimit: LIMIT,
      });
      const perSecond = (LIMIT * 1_000) / ANSWER_MS;
      let answered = 0;
      for (let i = 0; i < 10 * 1.5 * perSecond; i++) {
        void test.call().then(({ ok }) => (answered += ok ? 1 : 0));
        await test.clock.advance(1_000 / (1.5 * perSecond));
      }
      expect(answered).toBeGreaterThan(0.9 * 10 * perSecond);
    },
  );

  it("is served in time by a target that was silent since the client began, as soon as it answers", async () => {
    const test = scriptedClient(["silence"], {
      callTimeoutMs: 300,
      concurrencyLimit: { algorithm: "fixed", initial: LIMIT, queueTimeoutMs: 60_000 },
    });
    let answered = 0;
    for (let i = 0; i < 1_300; i++) {
      if (i === 300) test.network.answerWith({ afterMs: ANSWER_MS, answer: 200 });
      void test.call().then(({ ok }) => (answered += ok ? 1 : 0));
      await test.clock.advance(7);
    }
    expect(answered).toBeGreaterThan(0.9 * 7 * (LIMIT * 10));
  });
});

describe("a queued invocation that calls share", () => {
  it("keeps its turn for the caller who has most time", async () => {
    const test = scriptedClient([{ afterMs: ANSWER_MS, answer: 200 }], {
      singleFlight: true,
      concurrencyLimit: 1,
    });
    const perform = (Body: string, callTimeoutMs: number) => test.call({ Body }, { callTimeoutMs });
    const ended: string[] = [];
    const note = (name: string) => () => ended.push(name);
    void perform("first", 10_000).then(note("first"));
    await test.clock.advance(ANSWER_MS);
    void perform("running", 10_000).then(note("running"));
    void perform("shared", ANSWER_MS + 1).then(note("impatient"));
    void perform("shared", 10_000).then(note("patient"));
    void perform("last", 10_000).then(note("last"));
    await test.clock.advance(10 * ANSWER_MS);
    expect(ended).toEqual(["first", "running", "impatient", "patient", "last"]);
  });
});
