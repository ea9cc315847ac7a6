import { describe, expect, it } from "vitest";
import { EndpointSplit } from "../../../lib/resilience/split/endpoint-split.ts";
import { resolveSplit } from "../../../lib/resilience/split/settings.ts";
import { defaultSeams } from "../../../lib/seams.ts";
import { SplitHarness } from "../../support/splits.ts";

const HALVES = { blue: 1, green: 1 };
const CANARY = { blue: 0.9, green: 0.1 };

describe("the choice of a variant", () => {
  it("follows the weights, be they shares, percents or odds", () => {
    for (const weights of [CANARY, { blue: 90, green: 10 }, { blue: 9, green: 1 }]) {
      const { blue, green } = new SplitHarness(weights).choices(1_000);
      expect(blue).toBeGreaterThanOrEqual(898);
      expect(green).toBeGreaterThanOrEqual(98);
    }
  });

  it("spreads a canary's share evenly, instead of leaving it to luck", () => {
    const harness = new SplitHarness(CANARY);
    for (let i = 0; i < 50; i++) expect(harness.choices(26).green).toBeGreaterThanOrEqual(1);
  });

  it("begins at another place in each process, so that those with one call keep to the shares together", () => {
    let green = 0;
    for (let process = 0; process < 100; process++) {
      green += new SplitHarness(CANARY, {}, () => process / 100).choices(1).green!;
    }
    expect(green).toBe(10);
  });

  it("never falls on a variant without weight", () => {
    expect(new SplitHarness({ blue: 1, green: 0 }).choices(100)).toEqual({ blue: 100, green: 0 });
  });
});

describe("a variant that was taken out", () => {
  it("comes back after its time with a tenth of its weight, which grows back", async () => {
    const harness = new SplitHarness(HALVES);
    harness.run("green", "failed", 5);
    await harness.clock.advance(29_999);
    expect(harness.share("green")).toBe(0);
    await harness.clock.advance(1);
    expect(harness.share("green")).toBeCloseTo(0.1 / 1.1);
    await harness.clock.advance(15_000);
    expect(harness.share("green")).toBeCloseTo(0.55 / 1.55);
    await harness.clock.advance(15_000);
    expect(harness.share("green")).toBe(0.5);
  });

  it("comes back at once with all of it where there is no slow start", async () => {
    const harness = new SplitHarness(HALVES, { outliers: { slowStartMs: 0 } });
    harness.run("green", "failed", 5);
    await harness.clock.advance(30_000);
    expect(harness.share("green")).toBe(0.5);
  });

  it("stays out longer each time, up to a bound, and less so the longer it did well", async () => {
    const harness = new SplitHarness(HALVES, { outliers: { maxEjectMs: 80_000, slowStartMs: 0 } });
    const outFor = async () => {
      harness.run("green", "failed", 5);
      let ms = 0;
      for (; harness.share("green") === 0; ms += 10_000) await harness.clock.advance(10_000);
      return ms;
    };
    expect([await outFor(), await outFor(), await outFor()]).toEqual([30_000, 60_000, 80_000]);
    await harness.clock.advance(60_000);
    expect(await outFor()).toBe(60_000);
  });

  it("is not judged by attempts that began before it came back", async () => {
    const harness = new SplitHarness(HALVES);
    const late = Array.from({ length: 5 }, () => harness.start("green"));
    harness.run("green", "failed", 5);
    await harness.clock.advance(30_000);
    for (const attempt of late) harness.end(attempt, "failed");
    expect(harness.share("green")).toBeGreaterThan(0);
    harness.run("green", "failed", 5);
    expect(harness.share("green")).toBe(0);
  });

  it("counts for what may be out as long as what it was taken out for is news", async () => {
    const harness = new SplitHarness({ a: 1, b: 1, c: 1 });
    harness.run("a", "failed", 5);
    await harness.clock.advance(9_900);
    harness.run("b", "failed", 5);
    expect([harness.share("a"), harness.share("b")]).toEqual([0, 0.5]);
    await harness.clock.advance(100);
    harness.run("b", "failed", 5);
    expect([harness.share("a"), harness.share("b")]).toEqual([0.5, 0]);
  });

  it("has all of its weight at once where another one fails while it is on its way back", async () => {
    const harness = new SplitHarness({ a: 1, b: 1, c: 1 });
    harness.run("a", "failed", 5);
    await harness.clock.advance(31_000);
    expect(harness.share("a")).toBeLessThan(0.1);
    harness.run("b", "failed", 5);
    expect([harness.share("a"), harness.share("b")]).toEqual([0.5, 0]);
  });

  it("is the one of several to come back early that has been away for longest and whose breaker lets it", async () => {
    const taken = async (refusing: string | undefined) => {
      const harness = new SplitHarness({ a: 1, b: 1, c: 1, d: 1 });
      harness.run("a", "failed", 5);
      await harness.clock.advance(1_000);
      harness.run("b", "failed", 5);
      await harness.clock.advance(11_000);
      const now = harness.clock.now();
      if (refusing !== undefined) harness.split.refused(harness.variant(refusing), now, 900);
      harness.run("c", "failed", 5);
      return ["a", "b", "c", "d"].filter((name) => harness.variant(name).weightAt(now) > 0);
    };
    expect([await taken(undefined), await taken("a")]).toEqual([
      ["a", "d"],
      ["b", "d"],
    ]);
  });

  it("stays out where the others could not do without the one that fails even so", async () => {
    const harness = new SplitHarness(CANARY);
    harness.run("green", "failed", 5);
    await harness.clock.advance(20_000);
    harness.run("blue", "failed", 5);
    expect([harness.share("blue"), harness.share("green")]).toEqual([1, 0]);
  });

  it("comes back at another time in each process", () => {
    const returns = [0, 0.999].map((random) => {
      const harness = new SplitHarness(HALVES, {}, () => random);
      harness.run("green", "failed", 5);
      return harness.variant("green").weightAt(29_000) > 0;
    });
    expect(returns).toEqual([true, false]);
  });
});

describe("a variant whose breaker refuses", () => {
  it("is passed over until the breaker would be asked again", async () => {
    const harness = new SplitHarness(HALVES);
    harness.split.refused(harness.variant("green"), 0, 300);
    expect(harness.choices(10)).toEqual({ blue: 10, green: 0 });
    expect([harness.share("blue"), harness.share("green")]).toEqual([1, 0]);
    await harness.clock.advance(300);
    expect(harness.share("green")).toBe(0.5);
  });

  it("is asked again within a second, for a breaker that was opened by hand may be closed by hand", async () => {
    const harness = new SplitHarness(HALVES);
    harness.split.refused(harness.variant("green"), 0, Number.POSITIVE_INFINITY);
    await harness.clock.advance(1_000);
    expect(harness.share("green")).toBe(0.5);
  });

  it("keeps its calls where too much of the weight would be out", () => {
    const harness = new SplitHarness(CANARY);
    const blue = harness.variant("blue");
    harness.split.refused(blue, 0, 300);
    expect(harness.share("blue")).toBeCloseTo(0.9);
    expect(harness.split.choose(0, [blue])).toBe(blue);
  });

  it("is passed over for an attempt that it has refused, even where it may be asked again at once", () => {
    const harness = new SplitHarness(HALVES);
    const { split } = harness;
    const variant = (name: string) => harness.variant(name);
    split.refused(variant("green"), 0, 0);
    for (let i = 0; i < 10; i++) expect(split.choose(0, [variant("green")])).toBe(variant("blue"));
  });

  it("is spared by the others within what may be out, the last that refused the attempt being asked for", () => {
    const harness = new SplitHarness({ a: 2, b: 1, c: 1 });
    const { split } = harness;
    const variant = (name: string) => harness.variant(name);
    expect(split.spares([variant("b")], 0)).toBe(true);
    expect(split.spares([variant("b"), variant("c")], 0)).toBe(true);
    expect(split.spares([variant("a"), variant("b")], 0)).toBe(false);
    expect(split.spares([variant("a"), variant("b"), variant("c")], 0)).toBe(false);
  });
});

describe("a variant whose breaker refuses while another one is out", () => {
  it("is spared once the other one has been away for long enough to come back in its place", async () => {
    const harness = new SplitHarness({ a: 1, b: 1, c: 1 });
    const b = harness.variant("b");
    harness.run("a", "failed", 5);
    expect(harness.split.spares([b], harness.clock.now())).toBe(false);
    await harness.clock.advance(10_000);
    expect(harness.split.spares([b], harness.clock.now())).toBe(true);
    expect(harness.share("a")).toBeCloseTo(1 / 3);
  });
});

describe("a split that takes over from another", () => {
  const settings = resolveSplit({ weights: { churn: { blue: 1, green: 1 } } }, defaultSeams);

  it("goes on with what is known of the variants that both have", () => {
    const before = new SplitHarness({ green: 1, grey: 1 });
    before.run("green", "failed", 5);
    const split = new EndpointSplit("churn", { ...settings, clock: before.clock }, before.split);
    expect(split.variants.map(({ name }) => [name, split.shareOf(name)])).toEqual([
      ["blue", 1],
      ["green", 0],
    ]);
  });

  it.each([
    { weights: { green: 0.6, blue: 0.4 }, shares: { green: 1, blue: 0 } },
    { weights: { green: 0.1, blue: 0.9 }, shares: { green: 0.1, blue: 0.9 } },
    { weights: { green: 0, blue: 1 }, shares: { green: 0, blue: 1 } },
  ])("leaves a variant out for as much of the new weights as may be out: %o", ({ weights, shares }) => {
    const before = new SplitHarness({ green: 0.9, blue: 0.1 });
    before.run("blue", "failed", 5);
    const { clock } = before;
    const changed = resolveSplit({ weights: { churn: weights } }, { ...defaultSeams, clock });
    const split = new EndpointSplit("churn", changed, before.split);
    const chosen = Array.from({ length: 100 }, () => split.choose(clock.now()).name);
    const blue = chosen.filter((name) => name === "blue").length;
    expect(blue / 100).toBeCloseTo(shares.blue, 1);
    expect([split.shareOf("green"), split.shareOf("blue")]).toEqual([shares.green, shares.blue]);
  });

  it("has nobody out any more where outliers are off", () => {
    const before = new SplitHarness(HALVES);
    before.run("green", "failed", 5);
    const { clock } = before;
    const off = resolveSplit({ weights: { churn: HALVES }, outliers: false }, { ...defaultSeams, clock });
    expect(new EndpointSplit("churn", off, before.split).shareOf("green")).toBe(0.5);
  });
});
