import { describe, expect, it } from "vitest";
import { readFlowers } from "../../examples/quickstart/flowers/iris.ts";
import { seededRandom } from "../../examples/quickstart/flowers/random.ts";
import { forEachConcurrently } from "../../examples/quickstart/traffic/concurrently.ts";
import { planCalls } from "../../examples/quickstart/traffic/plan.ts";

describe("the plan of calls", () => {
  const flowers = readFlowers();
  const plan = [...planCalls(flowers, 1_200, "tree", seededRandom(1))];

  it("asks about every flower, and names the canary for every flower too", () => {
    const canary = plan.filter(({ targetVariant }) => targetVariant === "tree");
    const rest = plan.filter(({ targetVariant }) => targetVariant === undefined);
    expect(canary).toHaveLength(150);
    expect(rest).toHaveLength(1_050);
    for (const calls of [canary, rest]) {
      expect(new Set(calls.map(({ flower }) => flower.row)).size).toBe(150);
    }
  });

  it("is the same for the same seed, and another one for another seed", () => {
    expect([...planCalls(flowers, 1_200, "tree", seededRandom(1))]).toEqual(plan);
    expect([...planCalls(flowers, 1_200, "tree", seededRandom(2))]).not.toEqual(plan);
  });
});

describe("running calls side by side", () => {
  const never = new AbortController().signal;

  it("works on every item once, never on more than the limit at a time", async () => {
    const seen: number[] = [];
    let running = 0;
    let most = 0;
    await forEachConcurrently([1, 2, 3, 4, 5], 2, never, async (item) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      seen.push(item);
      running--;
    });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  it("starts nothing after an abort, and waits for what is at work", async () => {
    const controller = new AbortController();
    const ended: number[] = [];
    await forEachConcurrently([1, 2, 3, 4], 2, controller.signal, async (item) => {
      controller.abort();
      await Promise.resolve();
      ended.push(item);
    });
    expect(ended).toEqual([1]);
  });

  it("throws the first error, and starts nothing after it", async () => {
    const started: number[] = [];
    const run = forEachConcurrently([1, 2, 3, 4], 2, never, async (item) => {
      started.push(item);
      await Promise.resolve();
      if (item === 1) throw new Error("broken");
    });
    await expect(run).rejects.toThrow("broken");
    expect(started).toEqual([1, 2]);
  });
});
