import { DelegateBackoff, type IRetryBackoffContext, IterableBackoff } from "cockatiel";
import { describe, expect, it } from "vitest";
import { CircuitOpenError, ConnectionError, TimeoutError } from "../../lib/errors/local-errors.ts";
import { ModelError, ServiceUnavailable, ValidationError } from "../../lib/errors/service-errors.ts";
import { SageMakerRuntimeServiceException } from "../../lib/errors/service-exception.ts";
import type { RetryOptions } from "../../lib/resilience/options.ts";
import { targetOf } from "../../lib/target.ts";
import { RetryPlanHarness, withHeaders } from "../support/retry-plans.ts";

const options = { $metadata: {} };
const UNAVAILABLE = new ServiceUnavailable(options);
const INVALID = new ValidationError(options);
const THROTTLED = new SageMakerRuntimeServiceException({
  ...options,
  name: "ThrottlingException",
  $fault: "client",
});
const REFUSAL = new CircuitOpenError(targetOf({ EndpointName: "churn" }), "failure", 700);
const MANY: RetryOptions = { maxAttempts: 100, budget: false };

const stopped = (reason: string) => ({ kind: "stop", reason });

describe("the plan of retries", () => {
  it("waits longer each time, until there are no attempts left", () => {
    const plan = new RetryPlanHarness({ maxAttempts: 4, budget: false });
    expect(plan.waits(UNAVAILABLE, 4)).toEqual([25, 50, 100, stopped("attempts")]);
  });

  it("has no retry where one attempt is all", () => {
    expect(new RetryPlanHarness({ maxAttempts: 1 }).fail(UNAVAILABLE)).toEqual(stopped("attempts"));
  });

  it("waits longer after throttling, by the number of retries before", () => {
    const plan = new RetryPlanHarness(MANY);
    plan.fail(UNAVAILABLE);
    expect(plan.fail(THROTTLED)).toEqual({ kind: "wait", delayMs: 1_000 });
  });

  it("does as the server asks", () => {
    const asking = withHeaders(new ServiceUnavailable(options), { "retry-after": "2" });
    expect(new RetryPlanHarness().fail(asking)).toEqual({ kind: "wait", delayMs: 2_000 });
    const date = withHeaders(new ServiceUnavailable(options), {
      "retry-after": "Fri, 02 Jan 2026 03:04:06 GMT",
    });
    expect(new RetryPlanHarness().fail(date)).toEqual({ kind: "wait", delayMs: 1_000 });
  });

  it.each<[Error, RetryOptions, number | undefined]>([
    [new TimeoutError("socket", 5), {}, undefined],
    [new TimeoutError("socket", 5), { retryTimeouts: true }, 25],
    [new ModelError({ ...options, OriginalStatusCode: 503 }), {}, 25],
    [new ModelError({ ...options, OriginalStatusCode: 503 }), { retryContainerOverload: false }, undefined],
    [new ConnectionError("connect", "ECONNREFUSED"), {}, 25],
    [INVALID, {}, undefined],
    [new Error("own"), {}, undefined],
  ])("of %o with %o: %s ms", (error, given, delayMs) => {
    const step = new RetryPlanHarness(given).fail(error);
    expect(step).toEqual(delayMs === undefined ? stopped("not_retryable") : { kind: "wait", delayMs });
  });

  it("repeats what must not run twice only where it did not run", () => {
    const once = () => new RetryPlanHarness({}, { isRepeatable: false });
    expect(once().fail(UNAVAILABLE)).toEqual(stopped("not_retryable"));
    expect(once().fail(THROTTLED).kind).toBe("wait");
    expect(once().fail(UNAVAILABLE, { sent: false }).kind).toBe("wait");
  });

  it("tries again at once where the signature was mended, but once, and for nothing", () => {
    const plan = new RetryPlanHarness({ maxAttempts: 2 });
    expect(plan.fail(INVALID, { isSignatureMended: true })).toEqual({ kind: "wait", delayMs: 0 });
    expect(plan.fail(INVALID, { isSignatureMended: true })).toEqual(stopped("not_retryable"));
    expect(plan.fail(UNAVAILABLE).kind).toBe("wait");
    expect(plan.endpoint.budget?.available()).toBe(9);
  });

  it("steps through a back-off of its own, which is told of the retry", () => {
    const plan = new RetryPlanHarness({ ...MANY, backoff: new IterableBackoff([10, 20, 40]) });
    expect(plan.waits(UNAVAILABLE, 4)).toEqual([10, 20, 40, 40]);

    const seen: unknown[] = [];
    const abort = new AbortController();
    const backoff = new DelegateBackoff<IRetryBackoffContext<unknown>>(({ attempt, result, signal }) => {
      seen.push([attempt, result, signal === abort.signal, signal.aborted]);
      return 5;
    });
    new RetryPlanHarness({ backoff }, { send: { abortSignal: abort.signal } }).waits(UNAVAILABLE, 2);
    new RetryPlanHarness({ backoff }).fail(THROTTLED);
    expect(seen).toEqual([
      [1, { error: UNAVAILABLE }, true, false],
      [2, { error: UNAVAILABLE }, true, false],
      [1, { error: THROTTLED }, false, false],
    ]);
  });
});

describe("a retry and the deadline", () => {
  it.each([
    [26, 0, "wait"],
    [25, 0, "stop"],
    [66, 40, "wait"],
    [65, 40, "stop"],
  ])("with %i ms left, where the fastest answer takes %i ms: %s", (leftMs, fastestMs, kind) => {
    const plan = new RetryPlanHarness();
    if (fastestMs > 0) plan.endpoint.succeeded(fastestMs, plan.call.clock.now());
    plan.call.deadlineAt = leftMs;
    const step = plan.fail(UNAVAILABLE);
    expect(step).toEqual(kind === "stop" ? stopped("deadline") : { kind, delayMs: 25 });
  });

  it("takes nothing of the budget where it does not fit", () => {
    const plan = new RetryPlanHarness();
    plan.call.deadlineAt = 5;
    plan.fail(UNAVAILABLE);
    expect(plan.endpoint.budget?.available()).toBe(10);
  });
});

describe("a retry and the budget", () => {
  const two = { ...MANY, budget: { ratio: 0, minPerSecond: 0.2 } };
  const left = ({ endpoint }: RetryPlanHarness) => endpoint.budget?.available();

  it("is paid for, and not made where nothing is left", () => {
    const plan = new RetryPlanHarness(two);
    expect(plan.waits(UNAVAILABLE, 3)).toEqual([25, 50, stopped("budget")]);
    expect(left(plan)).toBe(0);
  });

  it("is given back, once, where it is not made", () => {
    const plan = new RetryPlanHarness(two);
    plan.fail(UNAVAILABLE);
    plan.plan.giveBack();
    plan.plan.giveBack();
    expect(left(plan)).toBe(2);
  });

  it("is given back to nobody where the budget has been taken away meanwhile", () => {
    const plan = new RetryPlanHarness(two);
    plan.fail(UNAVAILABLE);
    plan.endpoint.retune(undefined);
    plan.plan.giveBack();
    expect(left(plan)).toBeUndefined();
  });

  it("is given back where a breaker refuses it", () => {
    const plan = new RetryPlanHarness(two);
    plan.fail(UNAVAILABLE);
    plan.plan.waited(plan.failed, 25);
    expect(plan.fail(REFUSAL, { isRefused: true })).toEqual(stopped("breaker"));
    expect(left(plan)).toBe(2);
  });

  it("stays paid for once it is made", () => {
    for (const made of ["failed", "answered"]) {
      const plan = new RetryPlanHarness(two);
      plan.fail(UNAVAILABLE);
      plan.plan.waited(plan.failed, 25);
      if (made === "answered") plan.plan.madeRetry();
      else plan.fail(INVALID);
      plan.plan.giveBack();
      expect(left(plan)).toBe(1);
    }
  });

  it("costs nothing where there is none", () => {
    const plan = new RetryPlanHarness(MANY);
    expect(plan.waits(UNAVAILABLE, 2)).toEqual([25, 50]);
    plan.plan.giveBack();
    expect(left(plan)).toBeUndefined();
  });
});

describe("the error that the caller gets", () => {
  it("is that of the last attempt", () => {
    const plan = new RetryPlanHarness();
    plan.fail(UNAVAILABLE);
    plan.fail(INVALID);
    expect(plan.plan.errorOfCall(plan.failed, INVALID)).toBe(INVALID);
  });

  it("is, where a breaker refused the retry, the one that the retry was for", () => {
    const plan = new RetryPlanHarness();
    plan.fail(UNAVAILABLE);
    plan.fail(REFUSAL, { isRefused: true });
    expect(plan.plan.errorOfCall(plan.failed, REFUSAL)).toBe(UNAVAILABLE);
  });

  it("is the refusal where no attempt was made", () => {
    const plan = new RetryPlanHarness();
    plan.fail(REFUSAL, { isRefused: true });
    expect(plan.plan.errorOfCall(plan.failed, REFUSAL)).toBe(REFUSAL);
  });
});

describe("the plan of the official client", () => {
  const mode: RetryOptions = { mode: "awsSdk", maxAttempts: 100 };
  const answered = (name: string, httpStatusCode: number) =>
    new SageMakerRuntimeServiceException({ name, $fault: "server", $metadata: { httpStatusCode } });

  it("goes by its own table, also for what may have run", () => {
    const plan = new RetryPlanHarness(mode, { isRepeatable: false });
    expect(plan.fail(answered("ServiceUnavailable", 503))).toEqual({ kind: "wait", delayMs: 25 });
    expect(plan.fail(new TimeoutError("socket", 5))).toEqual({ kind: "wait", delayMs: 50 });
    expect(plan.fail(answered("ModelNotReadyException", 429))).toEqual({ kind: "wait", delayMs: 2_000 });
    expect(plan.fail(answered("InternalDependencyException", 530))).toEqual(stopped("not_retryable"));
  });

  it("pays out of the quota, and knows what the last retry cost", () => {
    const plan = new RetryPlanHarness(mode);
    expect(plan.plan.paidOfQuota).toBeUndefined();
    plan.fail(answered("ServiceUnavailable", 503));
    expect(plan.plan.paidOfQuota).toBe(14);
    plan.fail(THROTTLED);
    expect(plan.plan.paidOfQuota).toBe(5);
    while (plan.quota.take("throttled") !== undefined);
    expect(plan.fail(answered("ServiceUnavailable", 503))).toEqual(stopped("budget"));
    expect(plan.plan.paidOfQuota).toBe(5);
  });
});
