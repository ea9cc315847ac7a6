import { describe, expect, it } from "vitest";
import type { CallEnd } from "../../lib/load/call-end.ts";
import { type LoadResult, LoadTest, type LoadTestOptions } from "../../lib/load/load-test.ts";
import { recommendations } from "../../lib/load/recommendation.ts";
import { reportLines } from "../../lib/load/report.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { endOf, even, measured, optionsOf, recommended, settingOf } from "../support/measurements.ts";

const SHAPE = { ratePerSecond: 100, rampMs: 0, warmUpMs: 0, durationMs: 10_000 };

async function run(options: Partial<LoadTestOptions>, clock: FakeClock): Promise<LoadResult> {
  const test = new LoadTest({ shape: SHAPE, maxInFlight: 10_000, arms: [], clock, ...options });
  const running = test.run();
  await clock.advance(100_000);
  return running;
}

/** One worker that takes 20 ms for each call, one after the other: 50 per second. */
function worker(clock: FakeClock): () => Promise<CallEnd> {
  let freeAt = 0;
  return () => {
    const startedAt = clock.now();
    freeAt = Math.max(freeAt, startedAt) + 20;
    const durationMs = freeAt - startedAt;
    return new Promise((resolve) => clock.setTimeout(resolve, durationMs, endOf(durationMs)));
  };
}

/** As many workers as there are calls. */
function unlimited(clock: FakeClock, durationMs: number): () => Promise<CallEnd> {
  return () => new Promise((resolve) => clock.setTimeout(resolve, durationMs, endOf(durationMs)));
}

describe("an endpoint that is sent more than it takes", () => {
  it("is said to be saturated, by the calls that pile up", async () => {
    const clock = new FakeClock();
    const result = await run({ arms: [worker(clock)] }, clock);
    expect(result.arms[0]?.successesPerSecond).toBeCloseTo(50, 0);
    expect(result.arms[0]?.inFlightGrowthPerSecond).toBeCloseTo(50, 0);
    const lines = reportLines(result, ["default options"], [optionsOf()]);
    expect(lines[lines.indexOf("  Saturated") + 1]).toMatch(
      /^ {4}- of 100\.0 calls\/s that were due about (49|50)\.\d ended, and the rest piled up/,
    );
    expect(lines.filter((line) => /^ {2}(timeouts|concurrencyLimit|hedge): /.test(line))).toEqual([
      "  timeouts: no change",
      "  concurrencyLimit: no change",
      "  hedge: none",
    ]);
    expect(lines.join("\n")).not.toContain("of the client, or of a file for --config");
  });

  it("is said so for both configurations that take turns, and where the run was stopped early", async () => {
    const clock = new FakeClock();
    const shared = worker(clock);
    const both = await run({ arms: [shared, shared] }, clock);
    for (const { saturation } of recommendations(both, [optionsOf(), optionsOf()])) {
      expect(saturation).toMatch(/^of 100\.\d calls\/s that were due about (49|50)\.\d/);
    }
    for (const ratePerSecond of [58, 75]) {
      const shape = { ...SHAPE, ratePerSecond, durationMs: 45_000 };
      const queue = worker(clock);
      for (const arm of (await run({ shape, arms: [queue, queue] }, clock)).arms)
        expect(arm.inFlightGrowthPerSecond / (ratePerSecond - 50)).toBeCloseTo(1, 1);
    }
    const early = new LoadTest({ shape: SHAPE, maxInFlight: 10_000, arms: [worker(clock)], clock });
    const running = early.run();
    await clock.advance(5_000);
    early.stop();
    await clock.advance(100_000);
    const result = await running;
    expect(result.arms[0]?.successesPerSecond).toBeCloseTo(50, 0);
    expect(result.arms[0]?.inFlightGrowthPerSecond).toBeCloseTo(50, -1);
  });

  it("is said so of the configuration whose calls pile up, and not of the one that takes turns with it", async () => {
    const clock = new FakeClock();
    const arms = [unlimited(clock, 20), unlimited(clock, 50_000)];
    const result = await run({ arms }, clock);
    const [quick, hanging] = recommendations(result, [optionsOf(), optionsOf()]);
    expect(quick?.saturation).toBeUndefined();
    expect(hanging?.saturation).toMatch(/^of 100\.0 calls\/s that were due about (\d|1\d)\.\d ended/);
  });

  it("is said so where the client's own limit refuses calls, or --max-in-flight holds them back", () => {
    const refused = measured(even(1_000, 20, 20), (index) => (index % 50 === 0 ? "rejected_queue" : "ok"));
    expect(recommended(refused).saturation).toMatch(/^2 % of the calls were refused by the client's own/);
    const heldBack = measured(even(1_000, 20, 20));
    heldBack.notSent = 50;
    expect(recommended(heldBack).saturation).toMatch(/^4\.8 % of the calls were not sent because/);
    expect(settingOf(recommended(heldBack), "timeouts").verdict).toBe("keep");
  });
});

describe("an endpoint that keeps up", () => {
  it("is not called saturated for being slow: calls of the warm-up end where later ones do not yet", async () => {
    const clock = new FakeClock();
    const shape = { ...SHAPE, warmUpMs: 3_000 };
    const { arms } = await run({ shape, arms: [unlimited(clock, 2_000)] }, clock);
    expect(arms[0]?.successesPerSecond).toBeCloseTo(100, 0);
    expect(arms[0]?.inFlightGrowthPerSecond).toBe(0);
  });

  it("is not called saturated for a configuration that is slow when it is its turn", async () => {
    const clock = new FakeClock();
    const shape = { ...SHAPE, durationMs: 60_000 };
    for (const slowMs of [500, 2_000, 6_000, 12_000]) {
      const both = [unlimited(clock, 20), unlimited(clock, slowMs)];
      for (const arms of [both, both.toReversed()]) {
        const result = await run({ shape, arms }, clock);
        const advice = recommendations(result, [optionsOf(), optionsOf()]);
        expect(advice.map(({ saturation }) => saturation)).toEqual([undefined, undefined]);
      }
    }
  });

  it("is not called saturated for a stall at the end", async () => {
    const clock = new FakeClock();
    const stalled = () => {
      const durationMs = clock.now() >= 9_000 ? 10_020 - clock.now() : 20;
      return unlimited(clock, durationMs)();
    };
    expect((await run({ arms: [stalled] }, clock)).arms[0]?.inFlightGrowthPerSecond).toBe(0);
  });

  it("is not called saturated for calls that come and go by chance", async () => {
    const clock = new FakeClock();
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const exponential = () => unlimited(clock, -500 * Math.log(1 - random()))();
    expect((await run({ arms: [exponential] }, clock)).arms[0]?.inFlightGrowthPerSecond).toBe(0);
  });
});
