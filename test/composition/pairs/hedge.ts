import { expect } from "vitest";
import { hedgedClient, LEARNT, SLOW_MS, USUAL_MS } from "../../support/hedged-client.ts";
import { ended, openStream, type Pairs, STREAM } from "./kit.ts";
import { HALVES } from "./split.ts";

export const hedge: Pairs = {
  split: [
    "a hedge is drawn as every attempt is: it names a variant of its own",
    async () => {
      const test = await hedgedClient({ split: HALVES });
      const hedges = new Set<string | undefined>();
      for (let i = 0; i < 4; i++) {
        test.network.answerWith("silence", 200);
        expect((await ended(test, SLOW_MS)).output?.$metadata.attempts).toBe(2);
        hedges.add(test.network.requests.at(-1)?.headers["x-amzn-sagemaker-target-variant"]);
      }
      expect([...hedges].sort()).toEqual(["blue", "green"]);
    },
  ],
  circuitBreaker: [
    "nothing is hedged before the breaker has closed: neither a probe nor what it admits while it recovers",
    async () => {
      const recoveryRampMs = 60_000;
      const test = await hedgedClient({ circuitBreaker: { halfOpenProbes: 1, recoveryRampMs } });
      const [breaker] = test.client.breakers;
      breaker?.restore({ state: "open", takenAt: test.clock.epochNow(), cause: "failure", openForMs: 0 });
      test.network.answerWith({ afterMs: 200, answer: 200 });
      expect((await ended(test, 200)).output?.$metadata.attempts).toBe(1);
      expect(breaker?.state).toBe("recovering");
      // By now it admits nearly all: a hedge would pass.
      await test.clock.advance(recoveryRampMs - 1_000);
      expect((await ended(test, 200)).output?.$metadata.attempts).toBe(1);
      expect(await test.metric("hedges_suppressed_total", { reason: "overload" })).toBe(2);
    },
  ],
  concurrencyLimit: [
    "nothing is hedged while all permits are taken: a hedge does not queue behind its own first attempt",
    async () => {
      const test = await hedgedClient({ concurrencyLimit: 1 });
      test.network.answerWith({ afterMs: 200, answer: 200 });
      expect((await ended(test, 200)).output?.$metadata.attempts).toBe(1);
      expect(await test.metric("hedges_suppressed_total", { reason: "overload" })).toBe(1);
      expect(test.network.maxInFlight).toBe(1);
    },
  ],
  attemptMetrics: [
    "the attempt that loses counts as cancelled, and is in flight no more",
    async () => {
      const test = await hedgedClient();
      test.network.answerWith("silence", 200);
      await ended(test, SLOW_MS);
      expect(await test.metric("attempts_total", { kind: "first", outcome: "cancelled" })).toBe(1);
      expect(await test.metric("attempts_total", { kind: "hedge", outcome: "ok" })).toBe(1);
      expect(await test.metric("attempts_in_flight", {})).toBe(0);
    },
  ],
  sign: [
    "each of the two has a signature of its own, with the date of its start",
    async () => {
      const test = await hedgedClient({ hedge: { minDelayMs: 2_000 } });
      test.network.answerWith("silence", 200);
      await ended(test, 2_000);
      const [first, second] = test.network.requests.slice(LEARNT).map(({ headers }) => headers);
      expect(second?.["x-amz-date"]).not.toBe(first?.["x-amz-date"]);
      expect(second?.authorization).not.toBe(first?.authorization);
      expect(second?.["amz-sdk-invocation-id"]).toBe(first?.["amz-sdk-invocation-id"]);
    },
  ],
  socketTimeout: [
    "each of the two has a clock of its own: when the first falls silent, the hedge goes on",
    async () => {
      const test = await hedgedClient({ timeouts: { socketMs: 100 } });
      test.network.answerWith("silence", { afterMs: 99, answer: 200 });
      expect((await ended(test, SLOW_MS + 99)).output?.$metadata.attempts).toBe(2);
      expect(await test.metric("attempts_total", { kind: "first", outcome: "timeout" })).toBe(1);
    },
  ],
  errorMapper: [
    "a typed error that says that the request is wrong ends both: the other would get the same",
    async () => {
      const test = await hedgedClient();
      test.network.answerWith({ afterMs: 30, answer: 400 }, "silence");
      expect((await ended(test, 30)).error).toMatchObject({
        name: "ValidationError",
        attempts: [{ outcome: "invalid_request" }, { kind: "hedge", outcome: "cancelled" }],
      });
      expect(test.network.inFlight).toBe(0);
    },
  ],
  deserialize: [
    "a stream is hedged up to its head, and never once it is being read",
    async () => {
      const test = await hedgedClient();
      test.network.answerWith({ afterMs: USUAL_MS, answer: STREAM });
      for (let i = 0; i < LEARNT; i++) {
        const opening = openStream(test);
        await test.clock.advance(USUAL_MS);
        await (await opening).text();
      }
      const sent = test.network.requests.length;
      test.network.answerWith(STREAM);
      const body = await openStream(test);
      await test.clock.advance(1_000);
      expect(await body.text()).toBe("hello");
      expect(test.network.requests).toHaveLength(sent + 1);
      test.network.answerWith("silence", STREAM);
      const opening = openStream(test);
      await test.clock.advance(SLOW_MS);
      expect(await (await opening).text()).toBe("hello");
    },
  ],
  chaos: [
    "an injected latency is a slow attempt as any other, and is hedged",
    async () => {
      const draws = Array<number>(LEARNT).fill(0.9);
      const rules = [{ inject: "latency", latencyMs: 60_000, rate: 0.5 } as const];
      const test = await hedgedClient({ chaos: { rules }, random: () => draws.shift() ?? 0.9 });
      draws.push(0);
      expect((await ended(test, SLOW_MS + USUAL_MS)).output?.$metadata.attempts).toBe(2);
      expect(await test.metric("hedges_total", { result: "won" })).toBe(1);
      expect(test.clock.pendingTimers).toBe(0);
    },
  ],
};
