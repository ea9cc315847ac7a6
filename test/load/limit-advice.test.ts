import { describe, expect, it } from "vitest";
import type { CallEnd } from "../../lib/load/call-end.ts";
import type { Outcome } from "../../lib/outcome.ts";
import { endOf, even, measured, measuredCalls, recommended, settingOf } from "../support/measurements.ts";

/** A thousand calls of 200 ms at 100 per second, of which each twentieth ended in `outcome`. */
function twentieth(outcome: Outcome, isOverload: boolean) {
  return measuredCalls(
    even(1_000, 200, 200).map((ms, i) => [i % 20 === 0 ? endOf(ms, outcome, isOverload) : endOf(ms), ms]),
  );
}

/** A thousand calls at 100 per second: three in ten are answered after 400 ms, the others end as `other`. */
function mostly(other: CallEnd) {
  return measuredCalls(
    Array.from({ length: 1_000 }, (_, i) => (i % 10 < 3 ? [endOf(400), 400] : ([other, 5] as const))),
  );
}

describe("the concurrency limit", () => {
  it("is twice what Little's law says is in flight", () => {
    // 100 per second of 200 ms: 20 in flight.
    const limit = settingOf(recommended(measured(even(1_000, 200, 200))), "concurrencyLimit");
    expect(limit.value).toBe("initial 40, max 80");
    expect(limit.reason).toContain("100.0 attempts/s of 200 ms each are 20.0 in flight on average");
  });

  it("has room for all attempts being as slow as the slowest hundredth", () => {
    const measurement = measured([...even(980, 10, 10), ...even(20, 2_000, 2_000)]);
    const limit = settingOf(recommended(measurement), "concurrencyLimit");
    expect(limit.value).toMatch(/^initial 10, max (199|200|201)$/);
  });

  it("is never below 4", () => {
    const limit = settingOf(recommended(measured(even(1_000, 1, 2))), "concurrencyLimit");
    expect(limit.value).toBe("initial 4, max 8");
  });

  it("has no headroom where the endpoint says that it has too much to do, in whatever words", () => {
    // A container that answered 503 is a model_error.
    for (const outcome of ["throttled", "server_error", "model_error"] as const) {
      const limit = settingOf(recommended(twentieth(outcome, true)), "concurrencyLimit");
      expect(limit.value).toBe("initial 20, max 40");
      expect(limit.reason).toContain("no headroom, but at least 4: 5 % of the attempts");
    }
  });

  it("keeps it where attempts fail for other reasons: a plain 500, the deadline of the caller", () => {
    for (const outcome of ["server_error", "timeout"] as const) {
      const limit = settingOf(recommended(twentieth(outcome, false)), "concurrencyLimit");
      expect(limit.value).toBe("initial 40, max 80");
    }
  });

  it("is that of calls which are answered, where others fail at once or do not get as far as an attempt", () => {
    // 100 per second of 400 ms: 40 in flight.
    const refused: CallEnd = { ...endOf(0, "rejected_breaker"), attempts: [] };
    for (const other of [refused, endOf(5, "invalid_request"), endOf(5, "reset")]) {
      const limit = settingOf(recommended(mostly(other)), "concurrencyLimit");
      expect(limit.value).toBe("initial 80, max 160");
      expect(limit.reason).toMatch(/100\.0 attempts\/s of (399|40\d) ms each are (39\.9|40\.\d) in flight/);
    }
    const unsent = settingOf(recommended(mostly(refused)), "concurrencyLimit");
    expect(unsent.reason).toContain("300 attempts of 1000 calls: the others count as one each");
  });

  it("has room for them also where an overload opened the breaker", () => {
    const refused: CallEnd = { ...endOf(0, "rejected_breaker"), attempts: [] };
    const overloaded = endOf(5, "server_error", true);
    const calls = even(1_000, 0, 0).map((_, i) =>
      i % 10 < 3 ? ([endOf(400), 400] as const) : ([i % 10 < 4 ? overloaded : refused, 5] as const),
    );
    const limit = settingOf(recommended(measuredCalls(calls)), "concurrencyLimit");
    // 40 per second of 301 ms are 12.1 in flight; 100 of 400 ms would be 40.
    expect(limit.value).toMatch(/^initial 13, max (40|41)$/);
    expect(limit.reason).toContain("400 attempts of 1000 calls: the others count as one each in max");
  });

  it("is not derived from failures alone", () => {
    const limit = settingOf(
      recommended(measured(even(1_000, 5, 5), () => "invalid_request")),
      "concurrencyLimit",
    );
    expect(limit).toMatchObject({ verdict: "keep", value: undefined });
    expect(limit.reason).toBe("too few calls to say: 0 attempts succeeded, 100 are needed");
  });

  it("does not exceed the connections of the client", () => {
    const measurement = measured([...even(980, 100, 100), ...even(20, 5_000, 5_000)]);
    const { config, ...recommendation } = recommended(measurement);
    expect(config).toMatchObject({ concurrencyLimit: { initial: 40, max: 256 } });
    expect(config).not.toHaveProperty("maxSockets");
    expect(settingOf({ config, ...recommendation }, "concurrencyLimit").reason).toMatch(
      /max is lowered from (499|500|501) to 256: the client has that many connections \(maxSockets\)/,
    );
    expect(recommended(measurement, { config: { maxSockets: 1_000 } }).config).toMatchObject({
      concurrencyLimit: { max: expect.closeTo(500, -1) },
      maxSockets: 1_000,
    });
  });

  it("comes with the connections that it takes to begin with", () => {
    const recommendation = recommended(measured(even(1_000, 2_000, 2_000)));
    expect(recommendation.config).toMatchObject({
      concurrencyLimit: { initial: 401, max: 401 },
      maxSockets: 401,
    });
    expect(settingOf(recommendation, "concurrencyLimit").reason).toContain(
      "maxSockets, which is 256, is raised",
    );
  });

  it("is not derived from a run that --max-in-flight held back", () => {
    const measurement = measured(even(1_000, 200, 200));
    measurement.notSent = 3;
    const limit = settingOf(recommended(measurement), "concurrencyLimit");
    expect(limit).toMatchObject({ verdict: "keep", value: undefined });
    expect(limit.reason).toMatch(/^3 calls were not sent because --max-in-flight was reached/);
  });
});
