import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type End, SplitHarness } from "../../support/splits.ts";

const weights = fc
  .array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 })
  .filter((list) => list.some((weight) => weight > 0))
  .map((list) => Object.fromEntries(list.map((weight, index) => [`v${index}`, weight])));

const sum = (list: Iterable<number>) => [...list].reduce((total, weight) => total + weight, 0);

interface Step {
  readonly variant: number;
  readonly end: End | "refused";
  readonly count: number;
  readonly afterMs: number;
}

const steps = fc.array(
  fc.record<Step>({
    variant: fc.nat(5),
    end: fc.constantFrom<Step["end"]>("answered", "failed", "failed", "refused"),
    count: fc.integer({ min: 1, max: 8 }),
    afterMs: fc.constantFrom(0, 10, 900, 5_000, 40_000),
  }),
  { maxLength: 40 },
);

describe("the laws of a split", () => {
  it("over N choices, each variant gets its share of them, but for a few", () => {
    fc.assert(
      fc.property(
        weights,
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (given, count, start) => {
          const choices = new SplitHarness(given, {}, () => start).choices(count);
          const total = sum(Object.values(given));
          for (const [name, weight] of Object.entries(given)) {
            expect(Math.abs(choices[name]! - (weight / total) * count)).toBeLessThanOrEqual(4);
          }
        },
      ),
    );
  });

  it("whatever fails and refuses, and whenever: no more than its share of the weight is out, and never all", async () => {
    await fc.assert(
      fc.asyncProperty(
        weights,
        fc.double({ min: 0, max: 1, noNaN: true }),
        steps,
        async (given, maxEjectedShare, plan) => {
          const harness = new SplitHarness(given, { maxEjectedShare });
          const total = sum(Object.values(given));
          for (const { variant, end, count, afterMs } of plan) {
            await harness.clock.advance(afterMs);
            const { split, clock } = harness;
            const { name } = split.variants[variant % split.variants.length]!;
            if (end === "refused") split.refused(harness.variant(name), clock.now(), 700);
            else harness.run(name, end, count);
            const chosen = split.choose(clock.now());
            const inForce = sum(split.variants.map((one) => one.inForce));
            expect(inForce).toBeGreaterThanOrEqual((1 - maxEjectedShare) * total - 1e-6);
            expect(chosen.inForce).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});
