import { describe, expect, it } from "vitest";
import { HandlerContainer } from "../../lib/local/containers/handler-container.ts";
import { derivedRandom, seededRandom } from "../../lib/local/seeded-random.ts";
import { VariantTable } from "../../lib/local/variants.ts";

function tableOf(weights: Record<string, number>, random: () => number) {
  const variants = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  return new VariantTable({ variants }, random, () => new HandlerContainer(() => ({})));
}

function draws(table: VariantTable, count: number): string[] {
  return Array.from({ length: count }, () => table.choose("any", undefined).name);
}

describe("VariantTable", () => {
  it("splits traffic by weight, whatever the weights sum up to", () => {
    const chosen = draws(tableOf({ a: 3, b: 1, off: 0 }, seededRandom(7)), 20_000);
    const share = chosen.filter((name) => name === "a").length / chosen.length;
    expect(share).toBeGreaterThan(0.74);
    expect(share).toBeLessThan(0.76);
    expect(new Set(chosen)).toEqual(new Set(["a", "b"]));
  });

  it("draws the same for the same seed, and otherwise for another", () => {
    const weights = { a: 1, b: 1 };
    const first = draws(tableOf(weights, seededRandom(1)), 64);
    expect(draws(tableOf(weights, seededRandom(1)), 64)).toEqual(first);
    expect(draws(tableOf(weights, seededRandom(2)), 64)).not.toEqual(first);
  });

  it("never draws a variant of weight 0, not even at the end of the scale", () => {
    expect(
      draws(
        tableOf({ a: 1, off: 0 }, () => 1 - 2 ** -53),
        1,
      ),
    ).toEqual(["a"]);
    expect(
      draws(
        tableOf({ off: 0, a: 1 }, () => 0),
        1,
      ),
    ).toEqual(["a"]);
  });
});

describe("derivedRandom", () => {
  it("gives each user of a seed numbers of its own, from 0 up to 1", () => {
    const sequences = [0, 1, 2, 3].map((index) => {
      const random = derivedRandom(1, index);
      return Array.from({ length: 1_000 }, () => random());
    });
    expect(new Set(sequences.map((sequence) => sequence[0])).size).toBe(4);
    for (const sequence of sequences) {
      expect(Math.min(...sequence)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...sequence)).toBeLessThan(1);
      const mean = sequence.reduce((sum, value) => sum + value) / sequence.length;
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    }
  });
});
