import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BUDGET_RATIO,
  ComposedRun,
  LIMIT,
  type Scenario,
  STEP_MS,
  scenario,
} from "../support/composed-run.ts";

/**
 * What holds of a client with every layer on, in whatever order calls start, callers give up, the network
 * answers and time passes. With test/resilience/model these are the invariants that resilience clients are
 * judged by:
 *
 * | | invariant | shown by |
 * |---|---|---|
 * | 1 | an open breaker admits its probes only | resilience/model/breaker.model.test.ts |
 * | 2 | results of an earlier generation change nothing | resilience/model/breaker.model.test.ts |
 * | 3 | quiet and successes close it from anywhere | resilience/model/breaker.model.test.ts |
 * | 4 | in flight never above the limit; permits balance | here; resilience/limiter/concurrency-limiter.property.test.ts |
 * | 5 | attempts are first tries and what the budget pays | here |
 * | 6 | no attempt after the abort or the deadline | here |
 * | 7 | every call settles, once | here; resilience/model/limiter.model.test.ts for who waits |
 * | 8 | then no listener, timer or exchange is left | here; leaks/ over sockets |
 * | 9 | a wall clock that is set back changes nothing | here; resilience/model/breaker.model.test.ts |
 * | 10 | the metrics' outcomes add up to the calls | here |
 */
const LAWS: Readonly<Record<string, (run: ComposedRun) => void | Promise<void>>> = {
  "4: no more than the limit are in flight, and every permit comes back": async ({ test }) => {
    expect(test.network.maxInFlight).toBeLessThanOrEqual(LIMIT);
    expect(await test.metric("attempts_in_flight", {})).toBe(0);
    expect(await test.metric("queue_depth", {})).toBe(0);
    for (const limiter of test.client.limiters) expect(limiter.inFlight).toBe(0);
  },
  "5: there are no more attempts than first tries and what answers have paid for": async ({
    test,
    traces,
  }) => {
    const made = (kind: string) => test.metric("attempts_total", { kind });
    // A model that is being loaded is asked again at its own times, which cost the budget nothing.
    const free = await test.metric("retries_total", { reason: "model_not_ready" });
    const extra = (await made("retry")) + (await made("hedge")) - free;
    const answers = traces.filter(({ isAnswered }) => isAnswered).length;
    expect(extra).toBeLessThanOrEqual(BUDGET_RATIO * answers + 1e-6);
  },
  "6: no attempt starts once the caller gave up or the deadline has passed": ({ traces }) => {
    for (const { call, startedAt, abortedAt, attemptsAt } of traces) {
      for (const at of attemptsAt) {
        expect(at).toBeLessThanOrEqual(abortedAt);
        expect(at).toBeLessThan(startedAt + call.callTimeoutMs);
      }
    }
  },
  "7: every call settles, once: when its caller gives up, or by its deadline at the latest": ({ traces }) => {
    for (const { call, startedAt, abortedAt, ends, endedAt } of traces) {
      expect(ends).toHaveLength(1);
      // The deadline bounds a stream up to its head.
      const deadlineAt = call.reads === "whole" ? startedAt + call.callTimeoutMs : Number.POSITIVE_INFINITY;
      expect(endedAt).toBeLessThanOrEqual(Math.max(startedAt, Math.min(abortedAt, deadlineAt)) + STEP_MS);
    }
  },
  "8: no listener, timer or exchange is left": (run) => {
    const { clock, network } = run.test;
    expect([clock.pendingTimers, network.inFlight, run.listenersLeft()]).toEqual([0, 0, 0]);
  },
  "10: the outcomes that the metrics counted add up to the calls": async ({ test, traces }) => {
    expect(await test.metric("requests_total", {})).toBe(traces.length);
    const lost = traces.filter(({ ends }) => ends[0] !== "ok").length;
    expect(await test.metric("requests_total", { outcome: "ok" })).toBe(traces.length - lost);
  },
};

/** Kinds of things that must have happened, for the laws say nothing where nothing happened. */
async function happened({ test, traces }: ComposedRun): Promise<Record<string, number>> {
  const { client, metric } = test;
  return {
    retries: await metric("attempts_total", { kind: "retry" }),
    hedges: await metric("attempts_total", { kind: "hedge" }),
    openings: [...client.breakers].reduce((sum, { transitions }) => sum + transitions.open, 0),
    refused: await metric("queue_rejections_total", { reason: "full" }),
    shed: await metric("queue_rejections_total", { reason: "shed" }),
    deadlines: traces.filter(({ ends }) => ends[0] === "TimeoutError").length,
    aborts: traces.filter(({ ends }) => ends[0] === "AbortError").length,
    successes: traces.filter(({ ends }) => ends[0] === "ok").length,
  };
}

describe("a client with every layer, in whatever order things happen", () => {
  it.each(Object.entries(LAWS))("%s", async (_, law) => {
    const total: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(scenario, fc.scheduler(), async (planned, scheduler) => {
        const run = await new ComposedRun(planned).play(planned, scheduler);
        await law(run);
        for (const [what, count] of Object.entries(await happened(run)))
          total[what] = (total[what] ?? 0) + count;
        await run.test.client.close();
      }),
      { numRuns: 40 },
    );
    for (const [what, count] of Object.entries(total)) expect(count, what).toBeGreaterThan(0);
  });

  it("9: a wall clock that is set back changes nothing", async () => {
    const seen = async (planned: Scenario, stepsBack: boolean): Promise<string> => {
      const run = await new ComposedRun(planned, stepsBack).play(planned);
      await run.test.client.close();
      return run.seen();
    };
    await fc.assert(
      fc.asyncProperty(scenario, async (planned) => {
        expect(await seen(planned, true)).toBe(await seen(planned, false));
      }),
      { numRuns: 30 },
    );
  });
});
