import { expect } from "vitest";
import { hedgedClient, SLOW_MS } from "../../support/hedged-client.ts";
import { scriptedClient } from "../../support/scripted-client.ts";
import {
  ALONE,
  CONSTANT,
  clientUnder,
  ended,
  fullClient,
  GREEN,
  INVALID,
  ONE_AND_NO_QUEUE,
  openStream,
  type Pairs,
  runsTwice,
  STREAM,
  THROTTLED,
  TRIPS_AT_ONE,
} from "./kit.ts";
import { splitClient } from "./split.ts";

export const metrics: Pairs = {
  deadline: [
    "a call that runs out of time counts as one timeout, that took its callTimeoutMs",
    async () => {
      const test = scriptedClient(["silence"], { callTimeoutMs: 300 });
      await ended(test, 300);
      expect(await test.metric("requests_total", { outcome: "timeout" })).toBe(1);
      expect(await test.metric("request_duration_seconds_sum", {})).toBe(0.3);
    },
  ],
  fallback: [
    "a call that an alternative saved counts once, as answered",
    async () => {
      const test = scriptedClient([503], { ...ALONE, fallback: CONSTANT });
      expect((await ended(test)).ok).toBe(true);
      expect(await test.metric("requests_total", {})).toBe(1);
      expect(await test.metric("requests_total", { outcome: "ok" })).toBe(1);
      expect(await test.metric("fallbacks_total", { result: "ok" })).toBe(1);
    },
  ],
  policy: [
    "a call that a policy runs twice counts once, as it ended",
    async () => {
      const test = clientUnder(runsTwice, [503, 200]);
      await ended(test);
      expect(await test.metric("requests_total", {})).toBe(1);
      expect(await test.metric("requests_total", { outcome: "ok" })).toBe(1);
    },
  ],
  serialize: [
    "a call whose input is refused counts as one invalid request",
    async () => {
      const test = scriptedClient([200]);
      await ended(test, 0, INVALID);
      expect(await test.metric("requests_total", {})).toBe(1);
      expect(await test.metric("requests_total", { outcome: "invalid_request", variant: "_none" })).toBe(1);
    },
  ],
  singleFlight: [
    "each caller counts as a call, the invocation as one attempt",
    async () => {
      const test = scriptedClient([200], { singleFlight: true });
      await Promise.all([test.call(), test.call(), test.call()]);
      expect(await test.metric("requests_total", { outcome: "ok" })).toBe(3);
      expect(await test.metric("attempts_total", {})).toBe(1);
    },
  ],
  retry: [
    "a call that was tried again counts once, as it ended",
    async () => {
      const test = scriptedClient([503, 200]);
      await ended(test, 25);
      expect(await test.metric("requests_total", {})).toBe(1);
      expect(await test.metric("requests_total", { outcome: "ok" })).toBe(1);
      expect(await test.metric("retries_total", {})).toBe(1);
    },
  ],
  hedge: [
    "a hedged call counts once, for the variant whose answer the caller got",
    async () => {
      const test = await hedgedClient();
      const before = await test.metric("requests_total", {});
      test.network.answerWith("silence", GREEN);
      await ended(test, SLOW_MS);
      expect(await test.metric("requests_total", {})).toBe(before + 1);
      expect(await test.metric("requests_total", { variant: "green", outcome: "ok" })).toBe(1);
    },
  ],
  split: [
    "a call without an answer counts for the variant that was chosen for it",
    async () => {
      const test = splitClient({ blue: [{ resets: "headers" }], green: [{ resets: "headers" }] }, ALONE);
      await ended(test);
      await ended(test);
      for (const variant of ["blue", "green"]) {
        expect(await test.metric("requests_total", { outcome: "reset", variant })).toBe(1);
      }
    },
  ],
  circuitBreaker: [
    "a call that the breaker refuses counts as that, for no variant",
    async () => {
      const test = scriptedClient([503], { retry: false, circuitBreaker: TRIPS_AT_ONE });
      await ended(test);
      await ended(test);
      expect(await test.metric("requests_total", { outcome: "rejected_breaker", variant: "_none" })).toBe(1);
    },
  ],
  concurrencyLimit: [
    "a call that finds the queue full counts as that, for no variant",
    async () => {
      const test = await fullClient([200], { concurrencyLimit: ONE_AND_NO_QUEUE });
      await ended(test);
      expect(await test.metric("requests_total", { outcome: "rejected_queue", variant: "_none" })).toBe(1);
    },
  ],
  attemptMetrics: [
    "the call takes its back-off as well, its attempts only what they took",
    async () => {
      const test = scriptedClient([503, { afterMs: 100, answer: 200 }]);
      await ended(test, 125);
      expect(await test.metric("request_duration_seconds_sum", {})).toBe(0.125);
      expect(await test.metric("attempt_duration_seconds_sum", {})).toBe(0.1);
    },
  ],
  sign: [
    "a call without credentials counts as auth, for no variant",
    async () => {
      const credentials = () => Promise.reject(new Error("no credentials"));
      const test = scriptedClient([200], { credentials });
      await ended(test, 60_000);
      expect(await test.metric("requests_total", { outcome: "auth", variant: "_none" })).toBe(1);
    },
  ],
  socketTimeout: [
    "a call whose connection fell silent counts as a timeout",
    async () => {
      const test = scriptedClient(["silence"], { timeouts: { socketMs: 400 } });
      await ended(test, 400);
      expect(await test.metric("requests_total", { outcome: "timeout" })).toBe(1);
      expect(await test.metric("request_duration_seconds_sum", {})).toBe(0.4);
    },
  ],
  errorMapper: [
    "the outcome of a call is that of its typed error, and not of its status",
    async () => {
      const test = scriptedClient([THROTTLED, 400], ALONE);
      await ended(test);
      await ended(test);
      expect(await test.metric("requests_total", { outcome: "throttled" })).toBe(1);
      expect(await test.metric("requests_total", { outcome: "invalid_request" })).toBe(1);
    },
  ],
  deserialize: [
    "a call with a stream counts when that was read, and is in flight until then",
    async () => {
      const test = scriptedClient([STREAM]);
      const body = await openStream(test);
      expect(await test.metric("requests_in_flight", {})).toBe(1);
      expect(await test.metric("requests_total", {})).toBe(0);
      await body.text();
      expect(await test.metric("requests_in_flight", {})).toBe(0);
      expect(await test.metric("requests_total", { outcome: "ok" })).toBe(1);
    },
  ],
  chaos: [
    "what is injected counts as what the service would have done",
    async () => {
      const rules = [{ inject: "outcome", outcome: "ThrottlingException", rate: 1 } as const];
      const test = scriptedClient([200], { ...ALONE, chaos: { rules } });
      await ended(test);
      expect(await test.metric("requests_total", { outcome: "throttled" })).toBe(1);
    },
  ],
};
