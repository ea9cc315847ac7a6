import { expect } from "vitest";
import { InvalidInputError } from "../../../lib/errors/local-errors.ts";
import { hedgedClient, LEARNT, learn, SLOW_MS } from "../../support/hedged-client.ts";
import { routedClient } from "../../support/routed-client.ts";
import { scriptedClient } from "../../support/scripted-client.ts";
import {
  ALONE,
  CONSTANT,
  clientUnder,
  ended,
  GREEN,
  INVALID,
  ONE_AND_NO_QUEUE,
  openStream,
  type Pairs,
  THROTTLED,
  TO_GREEN,
  TRIPS_AT_ONE,
} from "./kit.ts";
import { splitClient } from "./split.ts";

const VARIANT = "x-amzn-sagemaker-target-variant";

export const fallback: Pairs = {
  policy: [
    "an alternative runs under the policy as well",
    async () => {
      let runs = 0;
      const test = clientUnder(
        (run, signal) => {
          runs++;
          return run({ signal });
        },
        [503, 200],
        { ...ALONE, fallback: TO_GREEN },
      );
      expect((await ended(test)).output?.$metadata.fallback?.name).toBe("green");
      expect(runs).toBe(2);
    },
  ],
  serialize: [
    "the request of an alternative is made anew; input that is refused would be refused again",
    async () => {
      const test = scriptedClient([503, 200], { ...ALONE, fallback: TO_GREEN });
      await ended(test, 0, { TargetVariant: "blue" });
      expect(test.network.requests.map(({ headers }) => headers[VARIANT])).toEqual(["blue", "green"]);
      const constant = scriptedClient([200], { fallback: CONSTANT });
      expect((await ended(constant, 0, INVALID)).error).toBeInstanceOf(InvalidInputError);
    },
  ],
  singleFlight: [
    "identical calls that are lost share the invocation of the alternative, too",
    async () => {
      const config = { ...ALONE, singleFlight: true, fallback: TO_GREEN };
      const test = routedClient({ churn: [503], green: [200] }, config);
      for (const { output } of await Promise.all([test.call(), test.call()])) {
        expect(output?.$metadata.fallback?.name).toBe("green");
      }
      expect(test.network.counts).toEqual({ churn: 1, green: 1 });
    },
  ],
  retry: [
    "an alternative is asked once retry has given up, and may be tried again itself",
    async () => {
      const config = { maxAttempts: 2, fallback: TO_GREEN };
      const test = routedClient({ churn: [503], green: [503, 200] }, config);
      expect((await ended(test, 1_000)).output?.$metadata.attempts).toBe(4);
      expect(test.network.counts).toEqual({ churn: 2, green: 2 });
    },
  ],
  hedge: [
    "a slow attempt at an alternative is hedged as any other",
    async () => {
      const test = await hedgedClient({ ...ALONE, fallback: TO_GREEN });
      await learn(test, { TargetVariant: "green" });
      test.network.answerWith(503, "silence", GREEN);
      const { output } = await ended(test, SLOW_MS);
      expect(output?.$metadata).toMatchObject({ attempts: 3, fallback: { name: "green" } });
      expect(test.network.requests).toHaveLength(2 * LEARNT + 3);
    },
  ],
  split: [
    "an alternative that names a variant goes there, whatever the weights say",
    async () => {
      const config = { ...ALONE, fallback: { alternatives: [{ variant: "grey" }] } };
      const test = splitClient({ blue: [503], green: [503], grey: [200] }, config);
      for (let i = 0; i < 4; i++) expect((await ended(test)).output?.$metadata.fallback?.name).toBe("grey");
      expect(test.network.counts).toMatchObject({ blue: 2, green: 2, grey: 4 });
    },
  ],
  circuitBreaker: [
    "a target that is down is not asked, the alternative at once; its own breaker decides on that",
    async () => {
      const config = { retry: false, circuitBreaker: TRIPS_AT_ONE, fallback: TO_GREEN } as const;
      const test = routedClient({ churn: [503], green: [200, 503] }, config);
      await ended(test);
      expect((await ended(test)).error?.name).toBe("CircuitOpenError");
      expect(test.network.counts).toEqual({ churn: 1, green: 2 });
      expect((await ended(test)).error?.name).toBe("CircuitOpenError");
      expect(test.network.counts).toEqual({ churn: 1, green: 2 });
    },
  ],
  concurrencyLimit: [
    "a call that finds its target full goes to the alternative, by a permit of that one",
    async () => {
      const config = { concurrencyLimit: ONE_AND_NO_QUEUE, fallback: TO_GREEN };
      const test = routedClient({ churn: ["silence"], green: [200] }, config);
      void test.call();
      expect((await ended(test)).output?.$metadata.fallback).toMatchObject({
        name: "green",
        reason: "concurrencyLimit",
      });
      expect(test.network.counts).toEqual({ churn: 1, green: 1 });
    },
  ],
  attemptMetrics: [
    "an attempt at an alternative counts as that, for the variant that it went to",
    async () => {
      const test = scriptedClient([503, GREEN], { ...ALONE, fallback: TO_GREEN });
      await ended(test);
      expect(await test.metric("attempts_total", { kind: "first", outcome: "server_error" })).toBe(1);
      expect(await test.metric("attempts_total", { kind: "fallback", variant: "green" })).toBe(1);
    },
  ],
  sign: [
    "a signature that is refused is no reason: an alternative would refuse it, too",
    async () => {
      const test = scriptedClient([403], { fallback: CONSTANT });
      expect((await ended(test)).error?.name).toBe("AccessDeniedException");
    },
  ],
  socketTimeout: [
    "a call whose target is silent goes to the alternative, within its deadline",
    async () => {
      const config = { timeouts: { socketMs: 400 }, fallback: TO_GREEN };
      const test = routedClient({ churn: ["silence"], green: [200] }, config);
      expect((await ended(test, 400)).output?.$metadata.fallback?.reason).toBe("timeout");
    },
  ],
  errorMapper: [
    "the typed error is the reason: of two answers with status 400, the throttling one is",
    async () => {
      const test = scriptedClient([THROTTLED, 400], { ...ALONE, fallback: CONSTANT });
      expect((await ended(test)).output?.$metadata.fallback?.reason).toBe("throttled");
      expect((await ended(test)).error?.name).toBe("ValidationError");
    },
  ],
  deserialize: [
    "a stream that breaks after its head is not begun anew elsewhere",
    async () => {
      const test = scriptedClient([{ resets: "body" }, 200], { fallback: TO_GREEN });
      const body = await openStream(test);
      await expect(body.text()).rejects.toThrow();
      expect(test.network.requests).toHaveLength(1);
    },
  ],
  chaos: [
    "a drill at one variant shows that the other one takes over",
    async () => {
      const target = { endpoint: "churn", variant: "blue" };
      const rules = [{ inject: "outcome", outcome: "ServiceUnavailable", rate: 1, target } as const];
      const test = scriptedClient([200], { ...ALONE, chaos: { rules }, fallback: TO_GREEN });
      const { output } = await ended(test, 0, { TargetVariant: "blue" });
      expect(output?.$metadata.fallback).toMatchObject({ name: "green", reason: "serverError" });
      expect(test.network.requests.map(({ headers }) => headers[VARIANT])).toEqual(["green"]);
    },
  ],
};
