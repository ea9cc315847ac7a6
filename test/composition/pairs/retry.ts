import { ConstantBackoff } from "cockatiel";
import { expect } from "vitest";
import { hedgedClient, SLOW_MS } from "../../support/hedged-client.ts";
import { scriptedClient } from "../../support/scripted-client.ts";
import {
  ended,
  ONE_AND_NO_QUEUE,
  ONE_EXTRA,
  openStream,
  type Pairs,
  STREAM,
  THROTTLED,
  TRIPS_AT_ONE,
} from "./kit.ts";
import { splitClient } from "./split.ts";

const EVERY_2_S = { backoff: new ConstantBackoff(2_000) };

export const retry: Pairs = {
  hedge: [
    "nothing is tried again while a hedge may still answer; what a hedge has taken of the budget, no retry has",
    async () => {
      const test = await hedgedClient({ retry: ONE_EXTRA });
      test.network.answerWith({ afterMs: SLOW_MS + 5, answer: 503 }, { afterMs: 30, answer: 200 }, 503);
      expect((await ended(test, 100)).output?.$metadata.attempts).toBe(2);
      expect(await test.metric("retries_total", {})).toBe(0);
      expect((await ended(test, 1_000)).error?.$metadata).toMatchObject({ attempts: 1 });
      expect(await test.metric("retries_suppressed_total", { reason: "budget" })).toBe(1);
    },
  ],
  split: [
    "a retry is drawn anew, and counts for the variant that it went to",
    async () => {
      const test = splitClient({ blue: [503], green: [503] }, { maxAttempts: 2, circuitBreaker: false });
      await ended(test, 1_000);
      expect(test.network.counts).toMatchObject({ blue: 1, green: 1 });
    },
  ],
  circuitBreaker: [
    "a retry that the breaker refuses ends the call with the answer it was for",
    async () => {
      const test = scriptedClient([503], { circuitBreaker: TRIPS_AT_ONE });
      const { error } = await ended(test, 1_000);
      expect(error).toMatchObject({ name: "ServiceUnavailable", $metadata: { attempts: 1 } });
      expect(await test.metric("retries_suppressed_total", { reason: "breaker" })).toBe(1);
    },
  ],
  concurrencyLimit: [
    "no permit is held during a back-off",
    async () => {
      const test = scriptedClient([503, 200], { concurrencyLimit: ONE_AND_NO_QUEUE, retry: EVERY_2_S });
      const first = test.call();
      await test.clock.advance(1_000);
      expect((await ended(test)).ok).toBe(true);
      await test.clock.advance(1_000);
      expect((await first).output?.$metadata.attempts).toBe(2);
    },
  ],
  attemptMetrics: [
    "each attempt is counted with its kind, the back-off between them in none",
    async () => {
      const test = scriptedClient([503, 503, 200], { retry: EVERY_2_S });
      await ended(test, 4_000);
      expect(await test.metric("attempts_total", { kind: "first" })).toBe(1);
      expect(await test.metric("attempts_total", { kind: "retry" })).toBe(2);
      expect(await test.metric("attempt_duration_seconds_sum", {})).toBe(0);
    },
  ],
  sign: [
    "each attempt has a signature with a fresh date",
    async () => {
      const test = scriptedClient([503, 200], { retry: EVERY_2_S });
      await ended(test, 2_000);
      expect(test.network.requests.map(({ headers }) => headers["x-amz-date"])).toEqual([
        "20260102T030405Z",
        "20260102T030407Z",
      ]);
    },
  ],
  socketTimeout: [
    "an attempt that fell silent is not tried again unless asked for, and then has a clock of its own",
    async () => {
      const timeouts = { socketMs: 400 };
      const once = scriptedClient(["silence", 200], { timeouts });
      expect((await ended(once, 400)).error).toMatchObject({ clock: "socket", $metadata: { attempts: 1 } });
      const script = ["silence", { afterMs: 399, answer: 200 }] as const;
      const again = scriptedClient(script, { timeouts, retry: { retryTimeouts: true } });
      expect((await ended(again, 1_000)).output?.$metadata.attempts).toBe(2);
    },
  ],
  errorMapper: [
    "typed errors decide: of two answers with status 400, the throttling one is tried again",
    async () => {
      const test = scriptedClient([THROTTLED, 400]);
      const { error } = await ended(test, 10_000);
      expect(error).toMatchObject({
        name: "ValidationError",
        attempts: [{ outcome: "throttled" }, { kind: "retry", outcome: "invalid_request" }],
      });
    },
  ],
  deserialize: [
    "a stream whose first part cannot be read is opened again, where that part is waited for",
    async () => {
      const garbage = { status: 200, body: "this is no event stream, but it is long enough for a frame" };
      const test = scriptedClient([garbage, STREAM], { peekFirstEvent: true });
      const opening = openStream(test);
      await test.clock.advance(1_000);
      expect(await (await opening).text()).toBe("hello");
      expect(await test.metric("retries_total", { reason: "decode_error" })).toBe(1);
    },
  ],
  chaos: [
    "each attempt is a new draw: a retry gets past what the first one met",
    async () => {
      const draws = [0, 0.9];
      const rules = [{ inject: "outcome", outcome: "ThrottlingException", rate: 0.5 } as const];
      const test = scriptedClient([200], { chaos: { rules }, random: () => draws.shift() ?? 0.9 });
      expect((await ended(test, 5_000)).output?.$metadata.attempts).toBe(2);
      expect(test.network.requests).toHaveLength(1);
    },
  ],
};
