import { expect } from "vitest";
import { scriptedClient } from "../../support/scripted-client.ts";
import { ALONE, ended, fullClient, ONE_AND_NO_QUEUE, openStream, type Pairs, STREAM } from "./kit.ts";

export const concurrencyLimit: Pairs = {
  attemptMetrics: [
    "who waits for a permit is no attempt in flight, and the wait is no part of what an attempt took",
    async () => {
      const test = await fullClient([200]);
      const waiting = test.call();
      await test.clock.advance(2_000);
      expect(await test.metric("attempts_in_flight", {})).toBe(1);
      await test.release();
      await waiting;
      expect(await test.metric("attempt_duration_seconds_sum", { status: "ok" })).toBe(0);
    },
  ],
  sign: [
    "the signature is of after the wait, so that it does not age in the queue",
    async () => {
      const test = await fullClient([200]);
      const waiting = test.call();
      await test.clock.advance(9_000);
      await test.release();
      await waiting;
      expect(test.network.requests.at(-1)?.headers["x-amz-date"]).toBe("20260102T030414Z");
    },
  ],
  socketTimeout: [
    "the wait for a permit is no silence of the connection",
    async () => {
      const answer = { afterMs: 300, answer: 200 } as const;
      const test = scriptedClient([answer], { concurrencyLimit: 1, timeouts: { socketMs: 400 } });
      const calls = [test.call(), test.call(), test.call()];
      await test.clock.advance(900);
      expect((await Promise.all(calls)).map(({ ok }) => ok)).toEqual([true, true, true]);
    },
  ],
  errorMapper: [
    "a permit comes back with every kind of error",
    async () => {
      const script = [400, 503, { resets: "headers" }, { resets: "connect" }, 200] as const;
      const test = scriptedClient(script, { ...ALONE, concurrencyLimit: ONE_AND_NO_QUEUE });
      const names: (string | undefined)[] = [];
      for (let i = 0; i < 5; i++) names.push((await ended(test)).error?.name);
      expect(names).toEqual([
        "ValidationError",
        "ServiceUnavailable",
        "ConnectionError",
        "ConnectionError",
        undefined,
      ]);
    },
  ],
  deserialize: [
    "a stream holds its permit until it was read",
    async () => {
      const test = scriptedClient([STREAM, 200], { concurrencyLimit: ONE_AND_NO_QUEUE });
      const body = await openStream(test);
      expect((await ended(test)).error?.name).toBe("ConcurrencyLimitError");
      await body.text();
      expect((await ended(test)).ok).toBe(true);
    },
  ],
  chaos: [
    "an injected latency holds its permit, as a slow model does",
    async () => {
      const rules = [{ inject: "latency", latencyMs: 300, rate: 1 } as const];
      const test = scriptedClient([200], { concurrencyLimit: ONE_AND_NO_QUEUE, chaos: { rules } });
      const slow = test.call();
      expect((await ended(test)).error?.name).toBe("ConcurrencyLimitError");
      await test.clock.advance(300);
      expect((await slow).ok).toBe(true);
      expect((await ended(test, 300)).ok).toBe(true);
    },
  ],
};
