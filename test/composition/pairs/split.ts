import { expect } from "vitest";
import type { SageMakerRuntimeClientConfig } from "../../../lib/config/client-config.ts";
import { type Routes, routedClient } from "../../support/routed-client.ts";
import {
  ALONE,
  ended,
  ONE_AND_NO_QUEUE,
  openStream,
  type Pairs,
  STREAM,
  THROTTLED,
  TRIPS_AT_ONE,
} from "./kit.ts";

export const HALVES = { weights: { churn: { blue: 1, green: 1 } } };

/** A client that splits its calls between two variants. */
export function splitClient(routes: Routes, config: SageMakerRuntimeClientConfig = {}) {
  return routedClient({ churn: [200], blue: [200], green: [200], ...routes }, { split: HALVES, ...config });
}

export const split: Pairs = {
  circuitBreaker: [
    "each variant has a breaker of its own, and what that refuses goes to the other variant",
    async () => {
      const test = splitClient({ blue: [503] }, { retry: false, circuitBreaker: TRIPS_AT_ONE });
      const ends = [];
      for (let i = 0; i < 6; i++) ends.push((await ended(test)).ok);
      expect(ends.filter((ok) => !ok)).toHaveLength(1);
      expect(test.network.counts).toMatchObject({ blue: 1, green: 5 });
    },
  ],
  concurrencyLimit: [
    "each variant has a limit of its own: one that is full holds up no call to the other",
    async () => {
      const test = splitClient(
        { blue: ["silence"], green: [200] },
        { ...ALONE, concurrencyLimit: ONE_AND_NO_QUEUE },
      );
      const calls = [test.call(), test.call()];
      await test.clock.advance(0);
      expect(test.network.counts).toMatchObject({ blue: 1, green: 1 });
      const limits = [...test.client.limiters].map(({ target, inFlight }) => [target.variant, inFlight]);
      expect(limits.sort()).toEqual([
        ["blue", 1],
        ["green", 0],
      ]);
      test.client.destroy();
      await Promise.all(calls);
    },
  ],
  attemptMetrics: [
    "an attempt without an answer counts for the variant that was chosen for it",
    async () => {
      const test = splitClient({ blue: [{ resets: "headers" }], green: [{ resets: "headers" }] }, ALONE);
      await ended(test);
      await ended(test);
      for (const variant of ["blue", "green"]) {
        expect(await test.metric("attempts_total", { outcome: "reset", variant })).toBe(1);
      }
    },
  ],
  sign: [
    "the signature covers the variant that was chosen",
    async () => {
      const test = splitClient({});
      await ended(test);
      await ended(test);
      for (const place of ["blue", "green"]) {
        const { authorization } = test.network.at(place).requests[0]!.headers;
        expect(authorization).toContain("x-amzn-sagemaker-target-variant");
      }
    },
  ],
  socketTimeout: [
    "a variant that is silent is an outlier, and its calls go to the other one",
    async () => {
      // The limit of a silent variant would ask it less and less often.
      const options = { ...ALONE, concurrencyLimit: false, timeouts: { socketMs: 400 } } as const;
      const test = splitClient({ blue: ["silence"] }, options);
      for (let i = 0; i < 60; i++) await ended(test, 400);
      expect(test.network.counts.blue).toBeLessThan(30);
      expect(test.network.counts.green).toBeGreaterThan(30);
    },
  ],
  errorMapper: [
    "typed errors decide who is an outlier: requests that are wrong or too many say nothing of a variant",
    async () => {
      for (const answer of [400, THROTTLED] as const) {
        const test = splitClient({ blue: [answer] }, ALONE);
        for (let i = 0; i < 40; i++) await ended(test);
        expect(test.network.counts).toMatchObject({ blue: 20, green: 20 });
      }
    },
  ],
  deserialize: [
    "a variant whose streams break is an outlier by how they end, and not by their heads",
    async () => {
      const test = splitClient({ blue: [{ resets: "body" }], green: [STREAM] }, ALONE);
      for (let i = 0; i < 60; i++) await (await openStream(test)).text().catch(() => {});
      expect(test.network.counts.blue).toBeLessThan(30);
    },
  ],
  chaos: [
    "a drill at one variant takes that one out",
    async () => {
      const target = { endpoint: "churn", variant: "blue" };
      const rules = [{ inject: "outcome", outcome: "ServiceUnavailable", rate: 1, target } as const];
      const test = splitClient({}, { ...ALONE, chaos: { rules } });
      const ends = [];
      for (let i = 0; i < 60; i++) ends.push((await ended(test)).ok);
      expect(test.network.counts.blue).toBe(0);
      expect(ends.slice(-20)).toEqual(Array(20).fill(true));
    },
  ],
};
