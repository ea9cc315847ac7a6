import { expect } from "vitest";
import { scriptedClient } from "../../support/scripted-client.ts";
import { ALONE, ended, openStream, type Pairs, STREAM, THROTTLED } from "./kit.ts";

export const attemptMetrics: Pairs = {
  sign: [
    "an attempt without credentials counts as auth, for no variant: nothing was sent",
    async () => {
      const credentials = () => Promise.reject(new Error("no credentials"));
      const test = scriptedClient([200], { ...ALONE, credentials });
      await ended(test, 60_000);
      expect(await test.metric("attempts_total", { outcome: "auth", variant: "_none" })).toBe(1);
      expect(await test.metric("attempts_in_flight", {})).toBe(0);
    },
  ],
  socketTimeout: [
    "an attempt that fell silent counts as a timeout that took socketMs",
    async () => {
      const test = scriptedClient(["silence"], { ...ALONE, timeouts: { socketMs: 400 } });
      await ended(test, 400);
      expect(await test.metric("attempts_total", { outcome: "timeout" })).toBe(1);
      expect(await test.metric("attempt_duration_seconds_sum", {})).toBe(0.4);
    },
  ],
  errorMapper: [
    "an attempt counts by its typed error, for the variant that gave it",
    async () => {
      const test = scriptedClient([THROTTLED, 424, { resets: "headers" }], ALONE);
      for (let i = 0; i < 3; i++) await ended(test);
      for (const outcome of ["throttled", "model_error"]) {
        expect(await test.metric("attempts_total", { outcome, variant: "blue" })).toBe(1);
      }
      expect(await test.metric("attempts_total", { outcome: "reset", variant: "_unknown" })).toBe(1);
    },
  ],
  deserialize: [
    "an attempt whose stream is being read is in flight, and counts by how that ends",
    async () => {
      const test = scriptedClient([STREAM, { resets: "body" }], ALONE);
      const read = await openStream(test);
      expect(await test.metric("attempts_in_flight", {})).toBe(1);
      await read.text();
      await expect((await openStream(test)).text()).rejects.toThrow();
      expect(await test.metric("attempts_total", { outcome: "ok" })).toBe(1);
      expect(await test.metric("attempts_total", { outcome: "reset" })).toBe(1);
      expect(await test.metric("attempts_in_flight", {})).toBe(0);
    },
  ],
  chaos: [
    "an attempt that chaos broke counts as one that the network broke",
    async () => {
      const rules = [{ inject: "fault", fault: "reset", rate: 1 } as const];
      const test = scriptedClient([200], { ...ALONE, chaos: { rules } });
      await ended(test);
      expect(await test.metric("attempts_total", { outcome: "reset" })).toBe(1);
    },
  ],
};
