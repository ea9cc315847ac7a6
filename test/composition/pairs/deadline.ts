import { expect } from "vitest";
import { hedgedClient } from "../../support/hedged-client.ts";
import { scriptedClient } from "../../support/scripted-client.ts";
import {
  ALONE,
  CONSTANT,
  clientUnder,
  ended,
  fullClient,
  LARGE_BODY,
  openStream,
  type Pairs,
  STREAM,
  TRIPS_AT_ONE,
} from "./kit.ts";
import { splitClient } from "./split.ts";

const OUT_OF_TIME = { name: "TimeoutError", clock: "call" };

export const deadline: Pairs = {
  fallback: [
    "a call that is out of time is not answered by an alternative: nobody waits for that",
    async () => {
      const test = scriptedClient(["silence"], { callTimeoutMs: 300, fallback: CONSTANT });
      expect((await ended(test, 300)).error).toMatchObject(OUT_OF_TIME);
    },
  ],
  policy: [
    "a policy that waits for something of its own ends with the call",
    async () => {
      const test = clientUnder(() => new Promise(() => {}), [200], { callTimeoutMs: 300 });
      expect((await ended(test, 300)).error).toMatchObject(OUT_OF_TIME);
    },
  ],
  serialize: [
    "a call may run out of time while its payload is hashed, and then sends nothing",
    async () => {
      const test = scriptedClient([200], { callTimeoutMs: 1 });
      const pending = test.call({ Body: LARGE_BODY });
      await test.clock.advance(1);
      expect((await pending).error).toMatchObject(OUT_OF_TIME);
      expect(test.network.requests).toEqual([]);
    },
  ],
  singleFlight: [
    "each caller of a shared invocation has its own time",
    async () => {
      const test = scriptedClient(["silence"], { singleFlight: true });
      const patient = test.call({}, { callTimeoutMs: 900 });
      expect((await ended(test, 300, {}, { callTimeoutMs: 300 })).error).toMatchObject({ timeoutMs: 300 });
      expect(test.network.inFlight).toBe(1);
      await test.clock.advance(600);
      expect((await patient).error).toMatchObject({ ...OUT_OF_TIME, timeoutMs: 900 });
      expect(test.network.inFlight).toBe(0);
    },
  ],
  retry: [
    "no attempt starts that the deadline would cut off: the caller gets the error there is, at once",
    async () => {
      const answer = { status: 503, headers: { "x-amz-retry-after": "4000" } };
      const test = scriptedClient([answer], { callTimeoutMs: 3_000 });
      expect((await ended(test)).error).toMatchObject({ name: "ServiceUnavailable" });
      expect(await test.metric("retries_suppressed_total", { reason: "deadline" })).toBe(1);
    },
  ],
  hedge: [
    "it ends both attempts, and destroys both connections",
    async () => {
      const test = await hedgedClient();
      test.network.answerWith("silence");
      const { error } = await ended(test, 500, {}, { callTimeoutMs: 500 });
      expect(error).toMatchObject({ ...OUT_OF_TIME, attempts: [{ kind: "first" }, { kind: "hedge" }] });
      expect([test.network.aborted, test.network.inFlight, test.clock.pendingTimers]).toEqual([2, 0, 0]);
    },
  ],
  split: [
    "the caller's hurry makes no outlier of a variant",
    async () => {
      const test = splitClient({ blue: ["silence"] }, { ...ALONE, callTimeoutMs: 300 });
      for (let i = 0; i < 40; i++) await ended(test, 300);
      expect(test.network.counts.blue).toBe(20);
    },
  ],
  circuitBreaker: [
    "the caller's hurry is no failure of the target",
    async () => {
      const test = scriptedClient(["silence"], { circuitBreaker: TRIPS_AT_ONE, callTimeoutMs: 300 });
      await ended(test, 300);
      expect([...test.client.breakers].map(({ state }) => state)).toEqual(["closed"]);
    },
  ],
  concurrencyLimit: [
    "it ends the wait for a permit, and gives the place in the queue back",
    async () => {
      const test = await fullClient([200]);
      const { error } = await ended(test, 300, {}, { callTimeoutMs: 300 });
      expect(error).toMatchObject({ ...OUT_OF_TIME, mayHaveExecuted: false, attempts: [] });
      expect([...test.client.limiters].map(({ waiting }) => waiting)).toEqual([0]);
      expect(test.network.requests).toHaveLength(1);
    },
  ],
  attemptMetrics: [
    "the attempt that it ends counts as a timeout, and is in flight no more",
    async () => {
      const test = scriptedClient(["silence"], { callTimeoutMs: 300 });
      await ended(test, 300);
      expect(await test.metric("attempts_total", { outcome: "timeout" })).toBe(1);
      expect(await test.metric("attempts_in_flight", {})).toBe(0);
    },
  ],
  sign: [
    "it ends the wait for credentials, and nothing was sent",
    async () => {
      const test = scriptedClient([200], { credentials: () => new Promise(() => {}) });
      const { error } = await ended(test, 300, {}, { callTimeoutMs: 300 });
      expect(error).toMatchObject({ ...OUT_OF_TIME, mayHaveExecuted: false });
      expect(test.network.requests).toEqual([]);
    },
  ],
  socketTimeout: [
    "whichever of the two clocks is first names itself, and the other one is stopped",
    async () => {
      for (const [callTimeoutMs, socketMs, clock] of [
        [300, 500, "call"],
        [500, 300, "socket"],
      ] as const) {
        const test = scriptedClient(["silence"], { callTimeoutMs, timeouts: { socketMs } });
        expect((await ended(test, 300)).error).toMatchObject({ name: "TimeoutError", clock, timeoutMs: 300 });
        expect(test.clock.pendingTimers).toBe(0);
      }
    },
  ],
  errorMapper: [
    "an exchange that it cut off is no failed connection: the error names the bound of the call",
    async () => {
      const test = scriptedClient(["silence"], { callTimeoutMs: 300 });
      const { error } = await ended(test, 300);
      expect(error).toMatchObject({ ...OUT_OF_TIME, timeoutMs: 300, mayHaveExecuted: true });
      expect(error?.message).toContain("callTimeoutMs");
    },
  ],
  deserialize: [
    "it bounds a stream up to its head: reading may take as long as it takes",
    async () => {
      const test = scriptedClient([STREAM]);
      const body = await openStream(test, { callTimeoutMs: 300 });
      await test.clock.advance(10_000);
      expect(await body.text()).toBe("hello");
    },
  ],
  chaos: [
    "it ends an injected latency as it would end a slow model",
    async () => {
      const rules = [{ inject: "latency", latencyMs: 60_000, rate: 1 } as const];
      const test = scriptedClient([200], { callTimeoutMs: 300, chaos: { rules } });
      expect((await ended(test, 300)).error).toMatchObject({ ...OUT_OF_TIME, mayHaveExecuted: true });
      expect(test.clock.pendingTimers).toBe(0);
    },
  ],
};
