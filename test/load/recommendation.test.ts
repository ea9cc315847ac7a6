import { describe, expect, it } from "vitest";
import { SageMakerRuntimeClient } from "../../lib/client.ts";
import { isSupported, valuesNeeded } from "../../lib/load/evidence.ts";
import { Measurement } from "../../lib/load/measurement.ts";
import { even, measured, measuredAfter, recommended, settingOf, shuffled } from "../support/measurements.ts";

const LONG_TAIL = shuffled([...even(9_600, 10, 20), ...even(400, 1_000, 1_000)]);

describe("what is recommended", () => {
  it("is taken by the client as it is", async () => {
    const { config } = recommended(measured([...even(9_700, 20, 200), ...even(300, 200, 5_000)]));
    expect(Object.keys(config)).toContain("timeouts");
    const client = new SageMakerRuntimeClient({ region: "us-east-1", ...config });
    expect(client.config.timeouts.attemptMs).toBe(config.timeouts?.attemptMs);
    await client.close();
  });

  it("is nothing for no calls at all, and says so of each setting", () => {
    const recommendation = recommended(new Measurement());
    expect(recommendation.config).toEqual({});
    expect(recommendation.settings.map(({ verdict }) => verdict)).toEqual(["keep", "keep", "keep"]);
    for (const { reasons } of recommendation.settings) {
      expect(reasons).toEqual([expect.stringContaining("too few calls to say: 0 ")]);
    }
  });

  it("says how long the whole run has to be, where two configurations share it", () => {
    const half = measured(even(400, 10, 20));
    const reason = (arms: number) => settingOf(recommended(half, { arms }), "timeouts").reason;
    expect(reason(1)).toMatch(/400 attempts succeeded, 800 are needed, a run of about 8 s at this rate$/);
    expect(reason(2)).toMatch(/400 attempts succeeded, 800 are needed, a run of about 16 s at this rate$/);
  });

  it("keeps what the client was set to where the run cannot say, so that it can take its place", () => {
    const config = {
      callTimeoutMs: 9_000,
      timeouts: { attemptMs: 4_000, socketMs: 5_000 },
      hedge: { quantile: 0.9 },
      concurrencyLimit: { max: 500 },
      maxSockets: 500,
    };
    expect(recommended(new Measurement(), { config }).config).toEqual(config);
  });

  it("names a default that is to take the place of another value", () => {
    // 59 s for an attempt and 120 s for a call, which is the default.
    const measurement = measured(even(800, 19_500, 19_530));
    expect(recommended(measurement).config).not.toHaveProperty("callTimeoutMs");
    expect(recommended(measurement, { config: { callTimeoutMs: 60_000 } }).config).toMatchObject({
      callTimeoutMs: 120_000,
    });
  });

  it("goes into the options that a setting has beside", () => {
    const config = {
      timeouts: { socketMs: 5_000 },
      hedge: { minDelayMs: 5 },
      concurrencyLimit: { algorithm: "aimd", min: 50, maxQueue: 7 },
    } as const;
    const { timeouts, hedge, concurrencyLimit } = recommended(measured(LONG_TAIL), { config }).config;
    expect(timeouts).toEqual({ socketMs: 5_000, attemptMs: 1_600 });
    expect(hedge).toEqual({ minDelayMs: 5, quantile: 0.95, maxExtraLoad: 0.0556 });
    // `min` is more than what the limit is to begin with.
    expect(concurrencyLimit).toEqual({ algorithm: "aimd", maxQueue: 7, initial: 11, max: 101 });
  });

  it("makes a fixed limit one that learns, and switches hedging off where it is on and not worth it", () => {
    const config = { concurrencyLimit: { algorithm: "fixed", initial: 3 }, hedge: {} } as const;
    const { concurrencyLimit, hedge } = recommended(measured(even(1_000, 100, 200)), { config }).config;
    expect([concurrencyLimit, hedge]).toEqual([{ initial: 30, max: 60 }, false]);
  });

  it("is nothing where calls were given up in flight: no duration has them", () => {
    const measurement = measured(LONG_TAIL);
    for (let i = 0; i < 10; i++) measurement.started(0);
    const few = recommended(measurement).settings.map(({ verdict }) => verdict);
    measurement.started(0);
    const { settings } = recommended(measurement);
    expect([few, settings.map(({ verdict }) => verdict)]).toEqual([
      ["set", "set", "set"],
      ["keep", "keep", "keep"],
    ]);
    for (const { reasons } of settings) {
      expect(reasons).toEqual([expect.stringMatching(/^0\.11 % of the calls were given up in flight/)]);
    }
  });

  it("does not contradict itself when it is measured: the hedges hide the tail that they are for", () => {
    const first = recommended(measured(LONG_TAIL));
    const hedged = measuredAfter(even(10_000, 10, 40), (index) =>
      index % 20 === 0 ? { durationMs: 30, outcome: "cancelled", isOverload: false } : undefined,
    );
    const second = recommended(hedged, { config: first.config });
    expect([settingOf(second, "timeouts").verdict, settingOf(second, "hedge").verdict]).toEqual([
      "keep",
      "keep",
    ]);
    expect(second.config).toMatchObject({
      timeouts: first.config.timeouts,
      callTimeoutMs: first.config.callTimeoutMs,
      hedge: first.config.hedge,
    });
  });
});

describe("a quantile", () => {
  it("needs 8 values beyond it", () => {
    expect([0.5, 0.9, 0.99, 0.999, 0.9999].map(valuesNeeded)).toEqual([16, 80, 800, 8_000, 80_000]);
    expect([isSupported(0.99, 799), isSupported(0.99, 800)]).toEqual([false, true]);
  });
});
