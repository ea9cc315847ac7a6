import { ConsecutiveBreaker } from "cockatiel";
import { expect } from "vitest";
import type { SageMakerRuntimeClientConfig } from "../../../lib/config/client-config.ts";
import { settle } from "../../support/fake-clock.ts";
import { hedgedClient, LEARNT, SLOW_MS } from "../../support/hedged-client.ts";
import { type ScriptedClient, scriptedClient } from "../../support/scripted-client.ts";
import type { ScriptedAnswer } from "../../support/scripted-dispatcher.ts";
import { ended, ONE_AND_NO_QUEUE, ONE_EXTRA, type Pairs } from "./kit.ts";
import { splitClient } from "./split.ts";

function sharing(script: readonly ScriptedAnswer[], config: SageMakerRuntimeClientConfig = {}) {
  return scriptedClient(script, { singleFlight: true, ...config });
}

/** Three identical calls, and what they ended with after `ms`. */
async function three(test: ScriptedClient, ms = 0) {
  const calls = Promise.all([test.call(), test.call(), test.call()]);
  await test.clock.advance(ms);
  return calls;
}

export const singleFlight: Pairs = {
  retry: [
    "retries are made and paid for once, however many wait",
    async () => {
      const test = sharing([503, 200], { retry: ONE_EXTRA });
      for (const { output } of await three(test, 1_000)) expect(output?.$metadata.attempts).toBe(2);
      expect(test.network.requests).toHaveLength(2);
    },
  ],
  hedge: [
    "a slow invocation is hedged once, and everybody gets the answer of the hedge",
    async () => {
      const test = await hedgedClient({ singleFlight: true });
      test.network.answerWith("silence", 200);
      for (const { output } of await three(test, SLOW_MS)) expect(output?.$metadata.attempts).toBe(2);
      expect(test.network.requests).toHaveLength(LEARNT + 2);
    },
  ],
  split: [
    "calls that share an invocation are drawn once",
    async () => {
      const test = splitClient({ blue: [200], green: [200] }, { singleFlight: true });
      await Promise.all([test.call(), test.call(), test.call()]);
      expect(test.network.counts.blue! + test.network.counts.green!).toBe(1);
    },
  ],
  circuitBreaker: [
    "one failed invocation is one failure of the target, however many waited for it",
    async () => {
      const circuitBreaker = { breaker: () => new ConsecutiveBreaker(2) };
      const test = sharing([503], { retry: false, circuitBreaker });
      await three(test);
      expect([...test.client.breakers].map(({ state }) => state)).toEqual(["closed"]);
      await three(test);
      expect([...test.client.breakers].map(({ state }) => state)).toEqual(["open"]);
    },
  ],
  concurrencyLimit: [
    "those who share an invocation take one permit, and nobody queues behind the others",
    async () => {
      const test = sharing([200], { concurrencyLimit: ONE_AND_NO_QUEUE });
      expect((await three(test)).map(({ ok }) => ok)).toEqual([true, true, true]);
    },
  ],
  attemptMetrics: [
    "one attempt is in flight for all, and the endpoint's calls are all of them",
    async () => {
      const test = sharing(["silence"]);
      const pending = three(test);
      await settle();
      expect(await test.metric("attempts_in_flight", {})).toBe(1);
      expect(await test.metric("requests_in_flight", {})).toBe(3);
      test.client.destroy();
      await pending;
      expect(await test.metric("attempts_in_flight", {})).toBe(0);
    },
  ],
  sign: [
    "who comes seconds later joins: signature and date are no part of what is the same",
    async () => {
      const test = sharing([{ afterMs: 5_000, answer: 200 }]);
      const first = test.call();
      await test.clock.advance(3_000);
      expect((await ended(test, 2_000)).ok).toBe(true);
      expect((await first).ok).toBe(true);
      expect(test.network.requests).toHaveLength(1);
    },
  ],
  socketTimeout: [
    "an invocation that falls silent ends for all who wait, and leaves no timer",
    async () => {
      const test = sharing(["silence"], { timeouts: { socketMs: 400 } });
      for (const { error } of await three(test, 400)) {
        expect(error).toMatchObject({ name: "TimeoutError", clock: "socket" });
      }
      expect([test.network.inFlight, test.clock.pendingTimers]).toEqual([0, 0]);
    },
  ],
  errorMapper: [
    "a typed error is everybody's, with the history of the invocation",
    async () => {
      for (const { error } of await three(sharing([400]))) {
        expect(error).toMatchObject({ name: "ValidationError", attempts: [{ httpStatusCode: 400 }] });
      }
    },
  ],
  deserialize: [
    "everybody gets memory of his own: what one writes into his answer no other reads",
    async () => {
      const outputs = (await three(sharing([{ status: 200, body: "0.9" }]))).map(({ output }) => output!);
      for (const { Body } of outputs) {
        expect(Body.transformToString()).toBe("0.9");
        Body.fill(0);
      }
    },
  ],
  chaos: [
    "what is injected is injected once, and everybody sees it",
    async () => {
      let draws = 0;
      const random = () => {
        draws++;
        return 0;
      };
      const rules = [{ inject: "fault", rate: 0.5 } as const];
      const test = sharing([200], { retry: false, random, chaos: { rules } });
      expect((await three(test)).map(({ error }) => error?.name)).toEqual(Array(3).fill("ConnectionError"));
      expect(draws).toBe(1);
    },
  ],
};
