import { describe, expect, it } from "vitest";
import { CircuitOpenError } from "../../lib/errors/local-errors.ts";
import { ModelNotReadyException, ServiceUnavailable } from "../../lib/errors/service-errors.ts";
import { FallbackState } from "../../lib/resilience/fallback/fallback-state.ts";
import type { RetryOptions } from "../../lib/resilience/options.ts";
import { WarmUpGate } from "../../lib/resilience/warm-up-gate.ts";
import { targetOf } from "../../lib/target.ts";
import { RetryPlanHarness } from "../support/retry-plans.ts";

const LOADING = new ModelNotReadyException({ $metadata: {} });
const model = { input: { TargetModel: "a.tar.gz" } };

/** What a breaker refuses with where it is open for a loading model. */
function refusal(retryAfterMs: number): ModelNotReadyException {
  const cause = new CircuitOpenError(
    targetOf({ EndpointName: "churn", ...model.input }),
    "notReady",
    retryAfterMs,
  );
  return Object.assign(new ModelNotReadyException({ $metadata: {} }), { cause });
}

const stopped = (reason: string) => ({ kind: "stop", reason });

function planOf(
  options: RetryOptions = {},
  given: ConstructorParameters<typeof RetryPlanHarness>[1] = model,
) {
  return new RetryPlanHarness({ maxAttempts: 1, ...options }, given);
}

describe("a call that finds its model loading", () => {
  it("asks again on a schedule of its own, whatever attempts and budget are left", () => {
    const plan = planOf({ budget: { ratio: 0, minPerSecond: 0 } });
    expect(plan.waits(LOADING, 5)).toEqual([750, 1_500, 3_000, 6_000, 7_500]);
  });

  it("asks again soon where any variant may answer", () => {
    const plan = planOf({}, {});
    expect(plan.waits(LOADING, 3)).toEqual([75, 150, 300]);
  });

  it("does not ask where that is not wanted, nor again what may have run and must not run twice", () => {
    expect(planOf({ warmUp: false }).fail(LOADING)).toEqual(stopped("not_retryable"));
    const capacity = planOf({}, { ...model, isRepeatable: false });
    expect(capacity.fail(LOADING).kind).toBe("wait");
  });

  it.each([
    [2_250, [750, 1_500]],
    [2_249, [750, stopped("deadline")]],
  ])("waits for maxWaitMs in all: %i ms", (maxWaitMs, steps) => {
    const plan = planOf({ warmUp: { maxWaitMs } });
    const seen = [];
    for (const _ of steps) {
      const step = plan.fail(LOADING);
      seen.push(step.kind === "wait" ? step.delayMs : step);
      if (step.kind === "wait") plan.clock.skip(step.delayMs);
    }
    expect(seen).toEqual(steps);
  });

  it("counts its wait from the first time that it finds the model loading", () => {
    const plan = planOf({ maxAttempts: 3, warmUp: { maxWaitMs: 2_000 } });
    plan.clock.skip(60_000);
    expect(plan.fail(new ServiceUnavailable({ $metadata: {} })).kind).toBe("wait");
    plan.clock.skip(60_000);
    expect(plan.fail(LOADING)).toEqual({ kind: "wait", delayMs: 750 });
    plan.clock.skip(2_000);
    expect(plan.fail(LOADING)).toEqual(stopped("deadline"));
  });

  it("does not wait past its deadline", () => {
    const plan = planOf();
    plan.call.deadlineAt = 751;
    expect(plan.fail(LOADING)).toEqual({ kind: "wait", delayMs: 750 });
    const late = planOf();
    late.call.deadlineAt = 750;
    expect(late.fail(LOADING)).toEqual(stopped("deadline"));
  });

  it.each([
    [0, stopped("deadline")],
    [749, stopped("deadline")],
    [750, { kind: "wait", delayMs: 750 }],
    [undefined, { kind: "wait", delayMs: 750 }],
  ])("waits no longer than its alternatives let it: %s ms", (waitForModelMs, step) => {
    const plan = planOf();
    plan.call.fallback = new FallbackState(false, waitForModelMs);
    expect(plan.fail(LOADING)).toEqual(step);
  });

  it("waits no longer than it would without them", () => {
    const plan = planOf({ warmUp: { maxWaitMs: 700 } });
    plan.call.fallback = new FallbackState(false, 60_000);
    expect(plan.fail(LOADING)).toEqual(stopped("deadline"));
  });
});

describe("a call whose target has a gate", () => {
  function gated(probeInMs: number | undefined, options: RetryOptions = {}) {
    const plan = planOf(options);
    const gate = new WarmUpGate(plan.clock);
    if (probeInMs !== undefined) gate.probeAfter(probeInMs);
    plan.call.gate = gate;
    return plan;
  }

  it("waits there while it is closed, for as long as it may", () => {
    const plan = gated(5_000);
    expect(plan.fail(LOADING)).toEqual({ kind: "gate", maxWaitMs: 360_000, probeInMs: 5_000 });
    plan.clock.skip(1_000);
    expect(plan.fail(LOADING)).toEqual({ kind: "gate", maxWaitMs: 359_000, probeInMs: 4_000 });
  });

  it("asks by itself while it is open", () => {
    expect(gated(undefined).fail(LOADING)).toEqual({ kind: "wait", delayMs: 750 });
  });

  it("goes by when the breaker that refused it lets the next question through", () => {
    const step = gated(5_000).fail(refusal(3_000), { isRefused: true });
    expect(step).toEqual({ kind: "gate", maxWaitMs: 360_000, probeInMs: 3_000 });
  });

  it("goes by the gate's own time where the answer was no refusal, whatever caused it", () => {
    const caused = Object.assign(new ModelNotReadyException({ $metadata: {} }), { cause: new Error("own") });
    expect(gated(5_000).fail(caused)).toEqual({ kind: "gate", maxWaitMs: 360_000, probeInMs: 5_000 });
  });

  it("does not wait there for a question that is due, where its alternatives let it wait for nothing", () => {
    const plan = gated(0);
    plan.call.fallback = new FallbackState(false, 0);
    expect(plan.fail(LOADING)).toEqual(stopped("deadline"));
  });

  it.each([
    [5_000, "gate"],
    [4_999, "stop"],
  ])("does not wait there where the next question comes after maxWaitMs: %i ms", (maxWaitMs, kind) => {
    const step = gated(5_000, { warmUp: { maxWaitMs } }).fail(LOADING);
    expect(step).toMatchObject(kind === "gate" ? { kind } : stopped("deadline"));
  });

  it.each([
    [5_001, "gate"],
    [5_000, "stop"],
  ])("does not wait there where the next question comes after its deadline: %i ms", (deadlineAt, kind) => {
    const plan = gated(5_000);
    plan.call.deadlineAt = deadlineAt;
    expect(plan.fail(LOADING)).toMatchObject(kind === "gate" ? { kind } : stopped("deadline"));
  });
});
