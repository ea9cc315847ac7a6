import { describe, expect, it } from "vitest";
import type { AttemptTime } from "../../lib/load/call-end.ts";
import {
  endOf,
  even,
  measured,
  measuredAfter,
  measuredCalls,
  recommended,
  settingOf,
} from "../support/measurements.ts";

const NOT_READY: AttemptTime = { durationMs: 1, outcome: "model_not_ready", isOverload: false };

describe("timeouts", () => {
  it("are one and a half times p99.9 where 8 attempts lie beyond it", () => {
    const recommendation = recommended(measured(even(8_000, 1_000, 2_000)));
    expect(recommendation.config).toMatchObject({ timeouts: { attemptMs: 3_000 }, callTimeoutMs: 7_000 });
    expect(settingOf(recommendation, "timeouts").reason).toMatch(
      /^attemptMs: p99\.9 of 8000 attempts .* is 2,000 ms; 1\.5 times/,
    );
  });

  it("are three times p99 where there are fewer, and nothing where 8 do not lie beyond that either", () => {
    expect(recommended(measured(even(800, 1_000, 2_000))).config.timeouts).toEqual({ attemptMs: 6_000 });
    const recommendation = recommended(measured(even(799, 1_000, 2_000)));
    expect(recommendation.config).not.toHaveProperty("timeouts");
    expect(settingOf(recommendation, "timeouts")).toEqual({
      verdict: "keep",
      value: undefined,
      reason: "too few calls to say: 799 attempts succeeded, 800 are needed, a run of about 8 s at this rate",
    });
  });

  it("are not below what one lost packet takes, nor above what the service allows", () => {
    expect(recommended(measured(even(800, 1, 2))).config.timeouts).toEqual({ attemptMs: 500 });
    expect(recommended(measured(even(800, 30_000, 50_000))).config.timeouts).toEqual({ attemptMs: 70_000 });
  });

  it("are not guessed from attempts that timed out: those hide how long they would have taken", () => {
    const recommendation = recommended(
      measured(even(1_000, 10, 20), (index) => (index % 100 === 0 ? "timeout" : "ok")),
    );
    expect(recommendation.config.timeouts).toBeUndefined();
    expect(settingOf(recommendation, "timeouts").reason).toMatch(/^1 % of the attempts or calls timed out/);
  });

  it("are not guessed from calls that ran out of time between their attempts either", () => {
    const waited = { ...endOf(20), outcome: "timeout" } as const;
    const calls = even(1_000, 10, 20).map((ms, i) => [i < 20 ? waited : endOf(ms), ms] as const);
    const recommendation = recommended(measuredCalls(calls));
    expect(settingOf(recommendation, "timeouts").reason).toMatch(/^2 % of the attempts or calls timed out/);
  });

  it("are not guessed from attempts that lost to a hedge, which says how to measure them", () => {
    const hedged = measuredAfter(even(1_000, 10, 20), (index) =>
      index < 50 ? { durationMs: 20, outcome: "cancelled", isOverload: false } : undefined,
    );
    const { verdict, reason } = settingOf(recommended(hedged), "timeouts");
    expect(verdict).toBe("keep");
    expect(reason).toMatch(/^4\.8 % of the attempts were cut off .* measure with "hedge": false$/);
  });

  it("say when the slowest attempt of the run would have been cut off", () => {
    const recommendation = recommended(measured([...even(999, 10, 20), 9_000]));
    expect(settingOf(recommendation, "timeouts").reason).toContain(
      "the slowest of the run, 9,003 ms, would have been cut off",
    );
  });

  it("say so where they are those of an overload", () => {
    const calls = even(1_000, 10, 20).map(
      (ms, i) => [i < 20 ? endOf(ms, "throttled", true) : endOf(ms), ms] as const,
    );
    expect(settingOf(recommended(measuredCalls(calls)), "timeouts").reason).toMatch(
      /^2 % of the attempts met an overload: with less load, shorter bounds may do;/,
    );
  });
});

describe("the timeout of calls", () => {
  it("leaves calls as long as they took: their retries and waits are in no attempt", () => {
    const calls = even(960, 10, 20).map((ms, i) => [endOf(ms), i < 30 ? 5_000 : ms] as const);
    const recommendation = recommended(measuredCalls(calls));
    expect(recommendation.config).toMatchObject({ timeouts: { attemptMs: 500 }, callTimeoutMs: 16_000 });
    expect(settingOf(recommendation, "timeouts").reason).toMatch(
      /callTimeoutMs: p99 of 960 calls that succeeded is 5,00\d ms, retries and waits included; 3 times that/,
    );
  });

  it("is not below the slowest call, however few were as slow", () => {
    const calls = even(960, 10, 20).map((ms, i) => [endOf(ms), i === 0 ? 5_000 : ms] as const);
    const recommendation = recommended(measuredCalls(calls));
    expect(recommendation.config.callTimeoutMs).toBe(5_100);
    expect(settingOf(recommendation, "timeouts").reason).toContain("as long as the slowest call of the run");
  });

  it("stays what it is where a model was loading: a call has to wait for that", () => {
    const loading = measuredAfter(even(960, 10, 20), (index) => (index < 3 ? NOT_READY : undefined));
    const recommendation = recommended(loading, { config: { callTimeoutMs: 400_000 } });
    expect(recommendation.config).toMatchObject({ timeouts: { attemptMs: 500 }, callTimeoutMs: 400_000 });
    expect(recommended(loading).config).not.toHaveProperty("callTimeoutMs");
    const { value, reason } = settingOf(recommendation, "timeouts");
    expect(value).toBe("attemptMs 500");
    expect(reason).toContain("callTimeoutMs: no change: 3 attempts met a model that was not loaded");
  });
});
