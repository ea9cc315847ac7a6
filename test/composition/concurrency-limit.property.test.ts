import fc from "fast-check";
import { expect, it } from "vitest";
import { InvokeEndpointWithResponseStreamCommand } from "../../lib/index.ts";
import { layer } from "../../lib/layer.ts";
import { settle } from "../support/fake-clock.ts";
import { type ScriptedClient, scriptedClient } from "../support/scripted-client.ts";

const LIMIT = 3;

const answer = fc.constantFrom(
  200,
  400,
  429,
  500,
  503,
  { resets: "headers" as const },
  { resets: "body" as const },
  { status: 200, headers: { "content-type": "application/vnd.amazon.eventstream" } },
);

/** Most take their time, without which no call would ever wait for another. */
const answers = fc.array(
  fc.oneof(answer, fc.constant("silence" as const), {
    weight: 3,
    arbitrary: fc.record({ afterMs: fc.integer({ min: 1, max: 1_500 }), answer }),
  }),
  { minLength: 1, maxLength: 20 },
);

/** One call: how it is read, when it starts, and what may end it early. */
interface Plan {
  readonly kind: string;
  readonly startsAfterMs: number;
  readonly abortsAfterMs: number | undefined;
  readonly callTimeoutMs: number;
}

const calls: fc.Arbitrary<Plan[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("call", "stream", "bug"),
    startsAfterMs: fc.constantFrom(0, 0, 0, 10, 300),
    abortsAfterMs: fc.option(fc.nat(2_000), { nil: undefined }),
    callTimeoutMs: fc.integer({ min: 1, max: 5_000 }),
  }),
  { minLength: 1, maxLength: 20 },
);

async function run({ client, clock }: ScriptedClient, plan: Plan): Promise<void> {
  const controller = new AbortController();
  if (plan.abortsAfterMs !== undefined) {
    clock.setTimeout(() => controller.abort(), plan.abortsAfterMs, undefined);
  }
  const options = { abortSignal: controller.signal, callTimeoutMs: plan.callTimeoutMs };
  const input = { EndpointName: "churn", Body: "{}", InferenceId: plan.kind };
  const { Body } = await client.send(new InvokeEndpointWithResponseStreamCommand(input), options);
  if (plan.kind === "stream") await Body.text();
  else for await (const _ of Body) break;
}

it("whatever becomes of calls, no more than the limit are in flight, each ends, and every permit comes back", async () => {
  const runs = { full: 0, queued: 0 };
  await fc.assert(
    fc.asyncProperty(answers, calls, async (script, plans) => {
      const test = scriptedClient(script, {
        concurrencyLimit: { algorithm: "fixed", initial: LIMIT, maxQueue: 5, queueTimeoutMs: 2_000 },
        timeouts: { attemptMs: 1_000 },
      });
      const { client, clock, network, metric } = test;
      client.middlewareStack.use(
        layer(
          { name: "buggy", relation: "after", toMiddleware: "concurrencyLimit" },
          (next) => async (args) => {
            if ("InferenceId" in args.input && args.input.InferenceId === "bug") throw new TypeError("a bug");
            return next(args);
          },
        ),
      );
      const running: Promise<unknown>[] = [];
      for (const plan of plans) {
        await clock.advance(plan.startsAfterMs);
        running.push(run(test, plan).catch((error: unknown) => error));
      }
      await clock.advance(400_000);
      await Promise.all(running);
      expect(network.maxInFlight).toBeLessThanOrEqual(LIMIT);
      if (network.maxInFlight === LIMIT) runs.full++;
      if ((await metric("queue_wait_seconds_sum", {})) > 0) runs.queued++;
      expect(await metric("queue_depth", {})).toBe(0);
      expect(await metric("attempts_in_flight", {})).toBe(0);
      expect(clock.pendingTimers).toBe(0);
      for (const breaker of client.breakers) breaker.reset();
      network.answerWith("silence");
      const after = Array.from({ length: LIMIT }, () => test.call());
      await settle();
      expect(network.inFlight).toBe(LIMIT);
      client.destroy();
      await Promise.all(after);
    }),
    { numRuns: 60 },
  );
  expect(runs.full).toBeGreaterThan(20);
  expect(runs.queued).toBeGreaterThan(20);
});
