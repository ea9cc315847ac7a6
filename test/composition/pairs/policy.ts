import { ConsecutiveBreaker, circuitBreaker, fallback, handleAll } from "cockatiel";
import { expect } from "vitest";
import { sleep } from "../../../lib/cancellation.ts";
import { InvalidInputError } from "../../../lib/errors/local-errors.ts";
import { ServiceUnavailable } from "../../../lib/errors/service-errors.ts";
import { policy as policyLayer } from "../../../middleware/policy.ts";
import { hedgedClient } from "../../support/hedged-client.ts";
import { type ScriptedClient, scriptedClient } from "../../support/scripted-client.ts";
import {
  ALONE,
  clientUnder,
  ended,
  fullClient,
  INVALID,
  type Pairs,
  recording,
  runsTwice,
  TRIPS_AT_ONE,
} from "./kit.ts";
import { splitClient } from "./split.ts";

/** Adds a policy that gives up after `ms` of the test's own clock. */
function givesUpAfter({ client, clock }: ScriptedClient, ms: number): void {
  client.middlewareStack.use(
    policyLayer({
      async execute(run) {
        const controller = new AbortController();
        clock.setTimeout(() => controller.abort(), ms, undefined);
        return await run({ signal: controller.signal });
      },
    }),
  );
}

export const policy: Pairs = {
  serialize: [
    "input that is refused is an error that the policy sees, and nothing is sent",
    async () => {
      const seen: unknown[] = [];
      const test = clientUnder(recording(seen), [200]);
      await ended(test, 0, INVALID);
      expect(seen).toEqual([expect.any(InvalidInputError)]);
      expect(test.network.requests).toEqual([]);
    },
  ],
  singleFlight: [
    "runs of identical calls share one invocation, and the policy runs for each of them",
    async () => {
      let runs = 0;
      const count: Parameters<typeof clientUnder>[0] = (run, signal) => {
        runs++;
        return run({ signal });
      };
      const test = clientUnder(count, [200], { singleFlight: true });
      await Promise.all([test.call(), test.call()]);
      expect([runs, test.network.requests.length]).toEqual([2, 1]);
    },
  ],
  retry: [
    "the policy sees one error, once retry has given up",
    async () => {
      const seen: unknown[] = [];
      const test = clientUnder(recording(seen), [503], {});
      await ended(test, 1_000);
      expect([seen.length, test.network.requests.length]).toEqual([1, 3]);
    },
  ],
  hedge: [
    "a run that the policy ends takes both of its attempts with it",
    async () => {
      const test = await hedgedClient();
      givesUpAfter(test, 100);
      test.network.answerWith("silence");
      expect((await ended(test, 100)).ok).toBe(false);
      expect([test.network.aborted, test.network.inFlight, test.clock.pendingTimers]).toEqual([2, 0, 0]);
    },
  ],
  split: [
    "each run of a policy is drawn anew",
    async () => {
      const test = splitClient({ blue: [503], green: [503] }, ALONE);
      test.client.middlewareStack.use(policyLayer({ execute: runsTwice }));
      await ended(test);
      expect(test.network.counts).toMatchObject({ blue: 1, green: 1 });
    },
  ],
  circuitBreaker: [
    "our refusal is an error like others to the policy, which may run the call again",
    async () => {
      const seen: Error[] = [];
      const test = clientUnder(recording(seen), [503], { retry: false, circuitBreaker: TRIPS_AT_ONE });
      await ended(test);
      await ended(test);
      expect(seen.map(({ name }) => name)).toEqual(["ServiceUnavailable", "CircuitOpenError"]);
    },
  ],
  concurrencyLimit: [
    "a run that the policy ends leaves the queue",
    async () => {
      const test = await fullClient([200]);
      givesUpAfter(test, 100);
      expect((await ended(test, 100)).ok).toBe(false);
      expect([...test.client.limiters].map(({ waiting }) => waiting)).toEqual([0]);
    },
  ],
  attemptMetrics: [
    "the attempts of every run are counted",
    async () => {
      const test = clientUnder(runsTwice, [503, 200]);
      await ended(test);
      expect(await test.metric("attempts_total", { outcome: "server_error" })).toBe(1);
      expect(await test.metric("attempts_total", { outcome: "ok" })).toBe(1);
    },
  ],
  sign: [
    "each run is signed with the date that it has",
    async () => {
      const test: ScriptedClient = clientUnder(
        async (run, signal) => {
          await run({ signal }).catch(() => {});
          await sleep(test.clock, 3_000, { running: undefined, cancelled: undefined });
          return run({ signal });
        },
        [503, 200],
      );
      await ended(test, 3_000);
      expect(test.network.requests.map(({ headers }) => headers["x-amz-date"])).toEqual([
        "20260102T030405Z",
        "20260102T030408Z",
      ]);
    },
  ],
  socketTimeout: [
    "a run whose socket was silent may be run again, with a clock of its own",
    async () => {
      const config = { ...ALONE, timeouts: { socketMs: 400 } };
      const test = clientUnder(runsTwice, ["silence", { afterMs: 399, answer: 200 }], config);
      expect((await ended(test, 800)).output?.$metadata.attempts).toBe(2);
    },
  ],
  errorMapper: [
    "the policy decides on typed errors",
    async () => {
      const test = clientUnder(
        async (run, signal) => {
          try {
            return await run({ signal });
          } catch (error) {
            if (error instanceof ServiceUnavailable) return await run({ signal });
            throw error;
          }
        },
        [503, 200, 500],
      );
      expect((await ended(test)).ok).toBe(true);
      expect((await ended(test)).error?.name).toBe("InternalFailure");
      expect(test.network.requests).toHaveLength(3);
    },
  ],
  deserialize: [
    "a value of the policy's own reaches the caller as it is, read from no answer",
    async () => {
      const test = scriptedClient([503], ALONE);
      test.client.middlewareStack.use(policyLayer(fallback(handleAll, { Body: Buffer.from("0.5") })));
      expect(Buffer.from((await ended(test)).output!.Body).toString()).toBe("0.5");
    },
  ],
  chaos: [
    "a policy can be tried out with injected failures",
    async () => {
      const rules = [{ inject: "fault", rate: 1 } as const];
      const test = scriptedClient([200], { ...ALONE, chaos: { rules } });
      const breaker = new ConsecutiveBreaker(1);
      test.client.middlewareStack.use(
        policyLayer(circuitBreaker(handleAll, { halfOpenAfter: 1e6, breaker })),
      );
      expect((await ended(test)).error?.name).toBe("ConnectionError");
      expect((await ended(test)).error?.message).toMatch(/circuit/i);
    },
  ],
};
