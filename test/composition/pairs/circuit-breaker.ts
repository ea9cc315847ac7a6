import { ConsecutiveBreaker } from "cockatiel";
import { expect } from "vitest";
import { exceptionFrame } from "../../../lib/event-stream/encoder.ts";
import { type ScriptedClient, scriptedClient } from "../../support/scripted-client.ts";
import { ended, fullClient, openStream, type Pairs, THROTTLED, TRIPS_AT_ONE } from "./kit.ts";

const QUICK = { retry: false, circuitBreaker: TRIPS_AT_ONE } as const;

function statesOf({ client }: Pick<ScriptedClient, "client">): string[] {
  return [...client.breakers].map(({ state }) => state);
}

export const circuitBreaker: Pairs = {
  concurrencyLimit: [
    "an attempt that the breaker refuses takes no permit and waits for none",
    async () => {
      const test = await fullClient([200]);
      for (const breaker of test.client.breakers) breaker.isolate();
      expect((await ended(test)).error?.name).toBe("CircuitOpenError");
      expect([...test.client.limiters].map(({ inFlight, waiting }) => [inFlight, waiting])).toEqual([[1, 0]]);
      await test.release();
      await ended(test);
      expect([...test.client.limiters].map(({ inFlight }) => inFlight)).toEqual([0]);
    },
  ],
  attemptMetrics: [
    "an attempt that the breaker refuses is none",
    async () => {
      const test = scriptedClient([503], QUICK);
      await ended(test);
      await ended(test);
      expect(await test.metric("attempts_total", {})).toBe(1);
    },
  ],
  sign: [
    "a refusal asks nobody for credentials",
    async () => {
      let asked = 0;
      const test: ScriptedClient = scriptedClient([200], {
        credentials: async () => ({
          accessKeyId: `AKID${++asked}`,
          secretAccessKey: "secret",
          expiration: new Date(test.clock.epochNow() + 3_600_000),
        }),
      });
      await ended(test);
      await test.clock.advance(2 * 3_600_000);
      const [breaker] = test.client.breakers;
      breaker?.isolate();
      expect((await ended(test)).error?.name).toBe("CircuitOpenError");
      expect(asked).toBe(1);
      breaker?.reset();
      expect((await ended(test)).ok).toBe(true);
      expect(asked).toBe(2);
    },
  ],
  socketTimeout: [
    "an attempt that falls silent is a failure of the target",
    async () => {
      const test = scriptedClient(["silence"], { ...QUICK, timeouts: { socketMs: 400 } });
      await ended(test, 400);
      expect(statesOf(test)).toEqual(["open"]);
    },
  ],
  errorMapper: [
    "typed errors decide what counts: a throttled or wrong request says nothing about the target's health",
    async () => {
      const test = scriptedClient([400, THROTTLED, 503], QUICK);
      await ended(test);
      await ended(test);
      expect(statesOf(test)).toEqual(["closed"]);
      await ended(test);
      expect(statesOf(test)).toEqual(["open"]);
    },
  ],
  deserialize: [
    "a stream counts by how it ended, and not by its head",
    async () => {
      const circuitBreaker = { breaker: () => new ConsecutiveBreaker(2) };
      const broken = exceptionFrame("ModelStreamError", { Message: "m", ErrorCode: "StreamBroken" });
      const test = scriptedClient([{ status: 200, body: broken }], { retry: false, circuitBreaker });
      for (let i = 0; i < 2; i++) {
        const body = await openStream(test);
        expect(statesOf(test)).toEqual(["closed"]);
        await expect(body.text()).rejects.toThrow();
      }
      expect(statesOf(test)).toEqual(["open"]);
    },
  ],
  chaos: [
    "injected failures open the breaker, and what that refuses meets no chaos",
    async () => {
      let draws = 0;
      const random = () => {
        draws++;
        return 0;
      };
      const rules = [{ inject: "fault", rate: 0.5 } as const];
      const test = scriptedClient([200], { ...QUICK, random, chaos: { rules } });
      await ended(test);
      expect(statesOf(test)).toEqual(["open"]);
      const before = draws;
      expect((await ended(test)).error?.name).toBe("CircuitOpenError");
      expect(draws).toBe(before);
    },
  ],
};
