import { describe, expect, it } from "vitest";
import { hedgedQuantileMs } from "../../lib/load/hedge-advice.ts";
import { LatencyHistogram } from "../../lib/load/latency-histogram.ts";
import { even, measured, measuredAfter, recommended, settingOf, shuffled } from "../support/measurements.ts";

const LONG_TAIL = shuffled([...even(960, 10, 20), ...even(40, 1_000, 1_000)]);

describe("hedging", () => {
  it("is for a tail that is far from the median", () => {
    const hedge = settingOf(recommended(measured(LONG_TAIL)), "hedge");
    expect(hedge.value).toBe("quantile 0.95, maxExtraLoad 0.0556");
    expect(hedge.reason).toMatch(
      /p99 1,000 ms; a second attempt after p95 would bring p99 to about 3\d(\.\d)? ms for 5 % more load;/,
    );
  });

  it("is not for a tail of which the endpoint as a whole is slow for a while: a second attempt would be, too", () => {
    // Ten times, all calls of a while wait for its end, as in a stall or behind a queue.
    const stalls = Array.from({ length: 10 }, () => [...even(94, 10, 20), ...even(6, 600, 0)]).flat();
    const hedge = settingOf(recommended(measured(stalls)), "hedge");
    expect(hedge).toMatchObject({ verdict: "off", value: undefined });
    expect(hedge.reason).toMatch(
      /; slow attempts come together, (7|8)\d(\.\d)? % of them after another slow one:/,
    );
    const alone = settingOf(recommended(measured(shuffled(stalls))), "hedge");
    expect(alone.verdict).toBe("set");
  });

  it("is not for a tail that a second attempt would hardly shorten", () => {
    const hedge = settingOf(recommended(measured(even(1_000, 100, 200))), "hedge");
    expect(hedge).toMatchObject({ verdict: "off", value: undefined });
    expect(hedge.reason).toContain("the tail is not long enough");
  });

  it("is not for an endpoint in trouble", () => {
    const failing = measured(LONG_TAIL, (index) => (index < 20 ? "model_error" : "ok"));
    expect(settingOf(recommended(failing), "hedge")).toEqual({
      verdict: "off",
      value: undefined,
      reason: "2 % of the attempts failed: an endpoint in trouble must not get more load",
    });
  });

  it("is not judged by attempts that it cut off, which have not failed", () => {
    const cutOff = { durationMs: 20, outcome: "cancelled", isOverload: false } as const;
    const hedged = measuredAfter(even(960, 10, 20), (index) => (index % 20 === 0 ? cutOff : undefined));
    const { verdict, reason } = settingOf(recommended(hedged), "hedge");
    expect(verdict).toBe("keep");
    expect(reason).toMatch(/^4\.8 % of the attempts were cut off .* how long they take is not known/);
  });

  it("is predicted as two independent attempts would have it", () => {
    const [okAttempts, okPairs] = [new LatencyHistogram(), new LatencyHistogram()];
    for (let i = 0; i < 20_000; i++) {
      // Exponential with a mean of 100 ms: P(T > t) = exp(-t / 100). The faster of two has a mean of 50 ms.
      const ms = -100 * Math.log(1 - (i + 0.5) / 20_000);
      okAttempts.record(ms);
      okPairs.record(ms / 2);
    }
    // exp(-t/100) x exp(-(t - 300)/100) = 0.01 where t = 50 x (3 - ln 0.01)
    const hedgedMs = hedgedQuantileMs({ okAttempts, okPairs }, 300, 0.99);
    expect(hedgedMs / (50 * (3 - Math.log(0.01)))).toBeCloseTo(1, 2);
  });
});
