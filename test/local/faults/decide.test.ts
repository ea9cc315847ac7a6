import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FaultInjector } from "../../../lib/local/faults/injector.ts";
import { drawLatencyMs } from "../../../lib/local/faults/latency.ts";
import type { FaultMatch, FaultScript, LatencyDistribution } from "../../../lib/local/index.ts";
import { seededRandom } from "../../../lib/local/seeded-random.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const TARGET = {
  endpointName: "churn",
  variantName: "a",
  operation: "InvokeEndpoint",
  targetModel: undefined,
} as const;

function hits(
  match: FaultMatch,
  count: number,
  target: Partial<typeof TARGET> | object = {},
  seed = 1,
): boolean[] {
  const injector = new FaultInjector({ rules: [{ match, fault: { type: "reset" } }] }, seed, new FakeClock());
  return Array.from({ length: count }, () => injector.plan({ ...TARGET, ...target }).ending !== undefined);
}

describe("a rule", () => {
  it("without a match hits every request", () => {
    const injector = new FaultInjector({ rules: [{ fault: { type: "stall" } }] }, 1, new FakeClock());
    expect(injector.plan(TARGET).ending).toEqual({ type: "stall" });
  });

  it.each([
    [{ endpoint: "churn" }, { endpointName: "other" }],
    [{ variant: "a" }, { variantName: "b" }],
    [{ operation: "InvokeEndpoint" }, { operation: "InvokeEndpointAsync" }],
    [{ targetModel: "m" }, { targetModel: "n" }],
  ])("for %j does not hit %j", (match, target) => {
    const wanted = { targetModel: "m" };
    expect(hits(match as FaultMatch, 1, wanted)).toEqual([true]);
    expect(hits(match as FaultMatch, 1, { ...wanted, ...target })).toEqual([false]);
  });

  it("counts only the requests it is for: every Nth, at most so many", () => {
    expect(hits({ every: 3, times: 2 }, 10)).toEqual(
      [3, 6].reduce<boolean[]>((all, n) => all.with(n - 1, true), Array(10).fill(false)),
    );
    const injector = new FaultInjector(
      { rules: [{ match: { variant: "a", every: 2 }, fault: { type: "reset" } }] },
      1,
      new FakeClock(),
    );
    const order = ["a", "b", "b", "a", "a", "b", "a"];
    const ended = order.map((variantName) => injector.plan({ ...TARGET, variantName }).ending !== undefined);
    expect(ended).toEqual([false, false, false, true, false, false, true]);
    expect(injector.hits).toEqual([2]);
  });

  it("hits its share, and the same requests for the same seed", () => {
    const first = hits({ rate: 0.05 }, 20_000);
    const share = first.filter(Boolean).length / first.length;
    expect(share).toBeGreaterThan(0.045);
    expect(share).toBeLessThan(0.055);
    expect(hits({ rate: 0.05 }, 20_000)).toEqual(first);
    expect(hits({ rate: 0.05 }, 20_000, {}, 2)).not.toEqual(first);
    expect(hits({ rate: 0 }, 1_000)).not.toContain(true);
    expect(hits({ rate: 1 }, 1_000)).not.toContain(false);
  });

  it("holds from afterMs on for forMs", async () => {
    const clock = new FakeClock();
    await clock.advance(5_000);
    const script: FaultScript = {
      rules: [{ match: { afterMs: 1_000, forMs: 500 }, fault: { type: "notReady" } }],
    };
    const injector = new FaultInjector(script, 1, clock);
    const seen: boolean[] = [];
    for (const step of [999, 1, 499, 1]) {
      await clock.advance(step);
      seen.push(injector.plan(TARGET).ending !== undefined);
    }
    expect(seen).toEqual([false, true, true, false]);
  });

  it("that ends a request is the last one asked", () => {
    const rules = [{ fault: { type: "notReady" } }, { fault: { type: "reset" } }] as const;
    const injector = new FaultInjector({ rules }, 1, new FakeClock());
    injector.plan(TARGET);
    expect(injector.hits).toEqual([1, 0]);
  });

  it("adds its delay to that of others; the slowest speed and the first cut count", () => {
    const rules = [
      { fault: { type: "latency", distribution: "fixed", ms: 5 } },
      { fault: { type: "latency", distribution: "fixed", ms: 7 } },
      { fault: { type: "slowBytes", bytesPerSecond: 10 } },
      { fault: { type: "slowBytes", bytesPerSecond: 20 } },
      { fault: { type: "truncate" } },
      { fault: { type: "reset", afterBytes: 5 } },
      { fault: { type: "closeKeepAlive" } },
    ] as const;
    expect(new FaultInjector({ rules }, 1, new FakeClock()).plan(TARGET)).toEqual({
      delayMs: 12,
      ending: undefined,
      cut: { how: "truncate", afterBytes: undefined },
      bytesPerSecond: 10,
      closeKeepAlive: "nextRequest",
    });
  });
});

describe("latency", () => {
  function draw(distribution: LatencyDistribution): number[] {
    const random = seededRandom(1);
    const drawn = Array.from({ length: 20_000 }, () => drawLatencyMs(distribution, random));
    return drawn.sort((a, b) => a - b);
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
  const quantile = (values: number[], q: number) => values[Math.floor(q * values.length)] ?? Number.NaN;

  it("uniform spreads evenly between its ends", () => {
    const drawn = draw({ distribution: "uniform", minMs: 10, maxMs: 30 });
    expect(drawn[0]).toBeGreaterThanOrEqual(10);
    expect(drawn.at(-1)).toBeLessThan(30);
    expect(quantile(drawn, 0.25)).toBeCloseTo(15, 0);
  });

  it("normal has its mean and spread, and is never below 0", () => {
    const drawn = draw({ distribution: "normal", meanMs: 100, standardDeviationMs: 10 });
    expect(mean(drawn)).toBeCloseTo(100, 0);
    expect(quantile(drawn, 0.8413) - 100).toBeCloseTo(10, 0);
    expect(draw({ distribution: "normal", meanMs: 1, standardDeviationMs: 10 })[0]).toBe(0);
  });

  it("exponential has its mean and its long tail", () => {
    const drawn = draw({ distribution: "exponential", meanMs: 10 });
    expect(mean(drawn)).toBeCloseTo(10, 0);
    expect(quantile(drawn, 0.95)).toBeGreaterThan(28);
  });

  it("percentiles meet the points given", () => {
    const points = [
      { percentile: 50, ms: 20 },
      { percentile: 90, ms: 100 },
      { percentile: 99, ms: 800 },
    ];
    const drawn = draw({ distribution: "percentiles", points });
    expect([drawn[0], drawn.at(-1)]).toEqual([20, 800]);
    expect(quantile(drawn, 0.5)).toBeCloseTo(20, 0);
    expect(Math.abs(quantile(drawn, 0.7) - 60)).toBeLessThan(3);
    expect(Math.abs(quantile(drawn, 0.9) - 100)).toBeLessThan(15);
  });

  it("is finite and not below 0, whatever is drawn", () => {
    const ms = fc.double({ min: 0, max: 86_400_000, noNaN: true });
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const distributions: fc.Arbitrary<LatencyDistribution> = fc.oneof(
      fc.record({ distribution: fc.constant("normal" as const), meanMs: ms, standardDeviationMs: ms }),
      fc.record({ distribution: fc.constant("exponential" as const), meanMs: ms }),
      fc.record({ distribution: fc.constant("fixed" as const), ms }),
    );
    const law = fc.property(distributions, unit, unit, (distribution, first, second) => {
      const numbers = [first, second];
      const drawn = drawLatencyMs(distribution, () => numbers.shift() ?? 0);
      expect(drawn >= 0 && Number.isFinite(drawn)).toBe(true);
    });
    fc.assert(law);
  });
});
