import { describe, expect, it } from "vitest";
import { SageMakerRuntimeClient } from "../../lib/client.ts";
import type { CallEnd } from "../../lib/load/call-end.ts";
import { isSupported, valuesNeeded } from "../../lib/load/evidence.ts";
import { hedgedQuantileMs } from "../../lib/load/hedge-advice.ts";
import { LatencyHistogram } from "../../lib/load/latency-histogram.ts";
import { Measurement } from "../../lib/load/measurement.ts";
import { type Recommendation, recommend, type Setting } from "../../lib/load/recommendation.ts";
import type { Outcome } from "../../lib/outcome.ts";

/** Calls at 100 per second, with one attempt each of the given duration. */
function measured(durationsMs: readonly number[], outcomeOf: (index: number) => Outcome = () => "ok") {
  const measurement = new Measurement();
  measurement.elapsedMs = durationsMs.length * 10;
  for (const [index, durationMs] of durationsMs.entries()) {
    const outcome = outcomeOf(index);
    const end: CallEnd = {
      outcome,
      variant: "a",
      error: undefined,
      attempts: [{ durationMs, outcome, isOverload: outcome === "throttled" }],
    };
    measurement.started(0);
    measurement.record(end, durationMs);
  }
  return measurement;
}

/** `count` durations, evenly from `fromMs` to `toMs`. */
const even = (count: number, fromMs: number, toMs: number) =>
  Array.from({ length: count }, (_, i) => fromMs + ((toMs - fromMs) * i) / count);

/** A setting's value, and its reasons as one text. */
function of({ settings }: Recommendation, name: Setting["name"]) {
  const { value, reasons } = settings.find((setting) => setting.name === name)!;
  return { value, reason: reasons.join("; ") };
}

describe("what is recommended", () => {
  it("is taken by the client as it is", async () => {
    const { config } = recommend(measured([...even(9_700, 20, 200), ...even(300, 200, 5_000)]));
    expect(Object.keys(config)).toContain("timeouts");
    const client = new SageMakerRuntimeClient({ region: "us-east-1", ...config });
    expect(client.config.timeouts.attemptMs).toBe(config.timeouts?.attemptMs);
    await client.close();
  });

  it("is nothing for no calls at all, and says so of each setting", () => {
    const recommendation = recommend(new Measurement());
    expect(recommendation.config).not.toHaveProperty("timeouts");
    expect(recommendation.settings.map(({ value }) => value)).toEqual([undefined, undefined, undefined]);
    for (const { reasons } of recommendation.settings) {
      expect(reasons).toEqual([expect.stringContaining("too few calls to say: 0 ")]);
    }
  });
});

describe("timeouts", () => {
  it("are one and a half times p99.9 where 8 attempts lie beyond it", () => {
    const recommendation = recommend(measured(even(8_000, 1_000, 2_000)));
    expect(recommendation.config).toMatchObject({ timeouts: { attemptMs: 3_000 }, callTimeoutMs: 7_000 });
    expect(of(recommendation, "timeouts").reason).toMatch(
      /^attemptMs: p99\.9 of 8000 attempts .* is 2,000 ms; 1\.5 times/,
    );
  });

  it("are three times p99 where there are fewer, and nothing where 8 do not lie beyond that either", () => {
    expect(recommend(measured(even(800, 1_000, 2_000))).config.timeouts).toEqual({ attemptMs: 6_000 });
    const recommendation = recommend(measured(even(799, 1_000, 2_000)));
    expect(recommendation.config).not.toHaveProperty("timeouts");
    expect(of(recommendation, "timeouts")).toEqual({
      value: undefined,
      reason: "too few calls to say: 799 attempts succeeded, 800 are needed, about 8 s at this rate",
    });
  });

  it("are not below what one lost packet takes, nor above what the service allows", () => {
    expect(recommend(measured(even(800, 1, 2))).config.timeouts).toEqual({ attemptMs: 500 });
    expect(recommend(measured(even(800, 30_000, 50_000))).config.timeouts).toEqual({ attemptMs: 70_000 });
  });

  it("are not guessed from attempts that timed out: those hide how long they would have taken", () => {
    const recommendation = recommend(
      measured(even(1_000, 10, 20), (index) => (index % 100 === 0 ? "timeout" : "ok")),
    );
    expect(recommendation.config.timeouts).toBeUndefined();
    expect(of(recommendation, "timeouts").reason).toMatch(/^1 % of the attempts timed out/);
  });

  it("say when the slowest attempt of the run would have been cut off", () => {
    const recommendation = recommend(measured([...even(999, 10, 20), 9_000]));
    expect(of(recommendation, "timeouts").reason).toContain(
      "the slowest of the run, 9,003 ms, would have been cut off",
    );
  });
});

describe("the concurrency limit", () => {
  it("is twice what Little's law says is in flight", () => {
    // 100 per second of 200 ms: 20 in flight.
    const limit = of(recommend(measured(even(1_000, 200, 200))), "concurrencyLimit");
    expect(limit.value).toBe("initial 40, max 80");
    expect(limit.reason).toContain("100.0 attempts/s of 200 ms each are 20.0 in flight on average");
  });

  it("has room for all attempts being as slow as the slowest hundredth", () => {
    const limit = of(
      recommend(measured([...even(980, 100, 100), ...even(20, 5_000, 5_000)])),
      "concurrencyLimit",
    );
    expect(limit.value).toMatch(/^initial 40, max (499|500|501)$/);
  });

  it("is never below 4", () => {
    expect(of(recommend(measured(even(1_000, 1, 2))), "concurrencyLimit").value).toBe("initial 4, max 8");
  });

  it("has no headroom where the endpoint already refuses or fails", () => {
    const throttled = measured(even(1_000, 200, 200), (index) => (index % 20 === 0 ? "throttled" : "ok"));
    const limit = of(recommend(throttled), "concurrencyLimit");
    expect(limit.value).toBe("initial 20, max 40");
    expect(limit.reason).toContain("no headroom, but at least 4: 5 % of the attempts");
  });

  it("is not derived from a run that --max-in-flight held back", () => {
    const measurement = measured(even(1_000, 200, 200));
    measurement.notSent = 3;
    const limit = of(recommend(measurement), "concurrencyLimit");
    expect(limit).toMatchObject({ value: undefined });
    expect(limit.reason).toMatch(/^3 calls were not sent because --max-in-flight was reached/);
  });
});

describe("hedging", () => {
  it("is for a tail that is far from the median", () => {
    const hedge = of(recommend(measured([...even(960, 10, 20), ...even(40, 1_000, 1_000)])), "hedge");
    expect(hedge.value).toBe("quantile 0.95, maxExtraLoad 0.0556");
    expect(hedge.reason).toMatch(
      /p99 1,000 ms; a second attempt after p95 would bring p99 to about 3\d(\.\d)? ms for 5 % more load;/,
    );
  });

  it("is not for a tail that a second attempt would hardly shorten", () => {
    const hedge = of(recommend(measured(even(1_000, 100, 200))), "hedge");
    expect(hedge.value).toBeUndefined();
    expect(hedge.reason).toContain("the tail is not long enough");
  });

  it("is not for an endpoint in trouble", () => {
    const durations = [...even(960, 10, 20), ...even(40, 1_000, 1_000)];
    const hedge = of(recommend(measured(durations, (index) => (index < 20 ? "model_error" : "ok"))), "hedge");
    expect(hedge).toMatchObject({ value: undefined });
    expect(hedge.reason).toBe("2 % of the attempts failed: an endpoint in trouble must not get more load");
  });

  it("is predicted as two independent attempts would have it", () => {
    const attempts = new LatencyHistogram();
    // Exponential with a mean of 100 ms: P(T > t) = exp(-t / 100).
    for (let i = 0; i < 20_000; i++) attempts.record(-100 * Math.log(1 - (i + 0.5) / 20_000));
    // exp(-t/100) x exp(-(t - 300)/100) = 0.01 where t = 50 x (3 - ln 0.01)
    expect(hedgedQuantileMs(attempts, 300, 0.99) / (50 * (3 - Math.log(0.01)))).toBeCloseTo(1, 2);
  });
});

describe("a quantile", () => {
  it("needs 8 values beyond it", () => {
    expect([0.5, 0.9, 0.99, 0.999, 0.9999].map(valuesNeeded)).toEqual([16, 80, 800, 8_000, 80_000]);
    expect([isSupported(0.99, 799), isSupported(0.99, 800)]).toEqual([false, true]);
  });
});
