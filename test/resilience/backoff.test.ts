import { ConstantBackoff, DelegateBackoff, IterableBackoff } from "cockatiel";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { BackoffSteps, defaultDelayMs, withHint } from "../../lib/resilience/backoff.ts";
import { retryHintMs } from "../../lib/resilience/retry-hint.ts";

const { signal } = new AbortController();

describe("the default back-off", () => {
  it("doubles from 50 ms after a passing fault and from 1 s after throttling, up to 20 s", () => {
    const almostOne = () => 0.999999;
    const delays = (kind: "transient" | "throttled") =>
      [0, 1, 2, 5, 12].map((n) => Math.round(defaultDelayMs(kind, n, almostOne) + 1));
    expect(delays("transient")).toEqual([50, 100, 200, 1_600, 20_000]);
    expect(delays("throttled")).toEqual([1_000, 2_000, 4_000, 20_000, 20_000]);
  });

  it("is all jitter: it may be nothing", () => {
    expect(defaultDelayMs("throttled", 5, () => 0)).toBe(0);
  });
});

describe("a cockatiel back-off", () => {
  it("is stepped through for one call", () => {
    const steps = new BackoffSteps(new IterableBackoff([10, 20, 40]));
    expect([1, 2, 3, 4].map((attempt) => steps.next(attempt, new Error("x"), signal))).toEqual([
      10, 20, 40, 40,
    ]);
  });

  it("is told which retry it is for, and what the attempt before failed with", () => {
    const seen: object[] = [];
    const steps = new BackoffSteps(
      new DelegateBackoff(({ attempt, result, signal: given }) => {
        seen.push({ attempt, result, isCallers: given === signal });
        return 3;
      }),
    );
    const error = new Error("x");
    steps.next(1, error, signal);
    steps.next(2, "reason", signal);
    expect(seen).toEqual([
      { attempt: 1, result: { error }, isCallers: true },
      { attempt: 2, result: { value: "reason" }, isCallers: true },
    ]);
  });

  it("begins anew for the next call", () => {
    const backoff = new ConstantBackoff(7);
    expect(new BackoffSteps(backoff).next(1, "reason", signal)).toBe(7);
  });
});

describe("a hint of the server", () => {
  it.each([
    [{ "x-amz-retry-after": "1500", "retry-after": "9" }, 1_500],
    [{ "retry-after": "2" }, 2_000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "Fri, 02 Jan 2026 03:04:08 GMT" }, 3_000],
    [{ "retry-after": "Fri, 02 Jan 2026 03:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "2 s" }, undefined],
    [{ "x-amz-retry-after": "-5" }, undefined],
    [{ "x-amz-retry-after": "5s", "retry-after": "2" }, 2_000],
    [{ "retry-after": "30" }, 30_000],
    [{ "retry-after": "1.25" }, 1_250],
    [{ "retry-after": "2 s" }, undefined],
    [{ "retry-after": "v2" }, undefined],
    [undefined, undefined],
  ])("%o asks for %s ms", (headers, ms) => {
    expect(retryHintMs(headers as Record<string, string> | undefined, Date.UTC(2026, 0, 2, 3, 4, 5))).toBe(
      ms,
    );
  });

  it("stretches a delay by 5 s at the most and never shortens it", () => {
    expect(withHint(100, 2_000)).toBe(2_000);
    expect(withHint(100, 60_000)).toBe(5_100);
    expect(withHint(100, 0)).toBe(100);
    expect(withHint(100, undefined)).toBe(100);
  });

  it("is the same wherever the client runs: a date without a zone is UTC", () => {
    vi.stubEnv("TZ", "America/New_York");
    onTestFinished(() => void vi.unstubAllEnvs());
    const now = Date.UTC(1994, 10, 6, 8, 49, 30);
    expect(retryHintMs({ "retry-after": "Sun Nov  6 08:49:37 1994" }, now)).toBe(7_000);
    expect(retryHintMs({ "retry-after": "Sunday, 06-Nov-94 08:49:37 GMT" }, now)).toBe(7_000);
  });
});
