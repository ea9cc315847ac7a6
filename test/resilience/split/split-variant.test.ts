import { describe, expect, it } from "vitest";
import type { OutlierOptions } from "../../../lib/resilience/split/options.ts";
import { resolveSplit } from "../../../lib/resilience/split/settings.ts";
import { SplitVariant } from "../../../lib/resilience/split/split-variant.ts";
import { defaultSeams } from "../../../lib/seams.ts";

const HALF = () => 0.5;

function settingsOf(options: OutlierOptions = {}) {
  return resolveSplit({ weights: { churn: { green: 1 } }, outliers: options }, defaultSeams).outliers!;
}

function variantOf(options: OutlierOptions = {}, random = HALF): SplitVariant {
  return new SplitVariant("churn", "green", 2, settingsOf(options), random);
}

/** Takes it out at `now`, and says for how long. */
function outFor(variant: SplitVariant, now: number, options: OutlierOptions = {}): number {
  variant.eject(now, settingsOf(options));
  let ms = 0;
  while (variant.weightAt(now + ms) === 0) ms += 100;
  return ms;
}

describe("a variant of a split", () => {
  it("has a target that names it", () => {
    expect(variantOf().target).toMatchObject({ endpoint: "churn", variant: "green", model: undefined });
  });

  it("counts attempts, failures, and failures in a row", () => {
    const variant = variantOf();
    variant.failed(0);
    variant.failed(10);
    variant.succeeded(20);
    variant.failed(30);
    expect([variant.attemptsAt(30), variant.failuresAt(30), variant.failuresInARow]).toEqual([4, 3, 1]);
  });

  it("remembers attempts for as long as its window is", () => {
    const variant = variantOf({ windowMs: 1_000 });
    variant.failed(0);
    variant.succeeded(0);
    expect([variant.attemptsAt(999), variant.failuresAt(999)]).toEqual([2, 1]);
    expect([variant.attemptsAt(1_000), variant.failuresAt(1_000)]).toEqual([0, 0]);
  });

  it("is judged anew once it is taken out, or what it did is forgotten", () => {
    for (const forget of [
      (variant: SplitVariant) => variant.eject(100, settingsOf()),
      (variant: SplitVariant) => variant.forget(100),
    ]) {
      const variant = variantOf();
      for (let i = 0; i < 5; i++) variant.failed(100);
      forget(variant);
      expect([variant.attemptsAt(100), variant.failuresAt(100), variant.failuresInARow]).toEqual([0, 0, 0]);
    }
  });

  it("has all of its weight before it was ever taken out, and takes every attempt for news", () => {
    expect(variantOf().weightAt(0)).toBe(2);
    expect(variantOf().isNews(0)).toBe(true);
  });

  it("has none of its weight while it is out, and then from a tenth of it to all of it", () => {
    const variant = variantOf({ slowStartMs: 1_000 });
    variant.eject(0, settingsOf({ ejectMs: 5_000 }));
    const weights = [0, 4_999, 5_000, 5_500, 5_999, 6_000, 9_000].map((now) => variant.weightAt(now));
    expect(weights).toEqual([0, 0, 0.2, 1.1, expect.closeTo(1.9982), 2, 2]);
  });

  it("takes attempts for news that began when it was back, and no others", () => {
    const variant = variantOf();
    variant.eject(0, settingsOf({ ejectMs: 5_000 }));
    expect([4_999, 5_000].map((startedAt) => variant.isNews(startedAt))).toEqual([false, true]);
  });
});

describe("how long a variant is out", () => {
  const options = { ejectMs: 1_000, maxEjectMs: 2_500, slowStartMs: 0 };

  it("grows each time, up to a bound", () => {
    const variant = variantOf(options);
    let now = 0;
    const times = [1, 2, 3, 4].map(() => {
      const ms = outFor(variant, now, options);
      now += ms;
      return ms;
    });
    expect(times).toEqual([1_000, 2_000, 2_500, 2_500]);
  });

  it("is shorter again by one for each such time that it did well", () => {
    const afterWellFor = (ms: number) => {
      const variant = variantOf(options);
      outFor(variant, 0, options);
      outFor(variant, 1_000, options);
      return outFor(variant, 3_000 + ms, options);
    };
    expect([0, 999, 1_000, 1_999, 2_000, 60_000].map(afterWellFor)).toEqual([
      2_500, 2_500, 2_000, 2_000, 1_000, 1_000,
    ]);
  });

  it("differs by a tenth from process to process", () => {
    const times = [0, 0.5, 1].map((random) =>
      outFor(
        variantOf(options, () => random),
        0,
        options,
      ),
    );
    expect(times).toEqual([900, 1_000, 1_100]);
  });
});

describe("a variant that takes over from another one of its name", () => {
  it("has its failures at their age", () => {
    const before = variantOf({ windowMs: 10_000 });
    before.failed(0);
    before.failed(8_000);
    before.succeeded(8_000);
    before.failed(8_000);
    const variant = variantOf({ windowMs: 5_000 });
    variant.takeOver(before, 9_000);
    expect([variant.attemptsAt(9_000), variant.failuresAt(9_000), variant.failuresInARow]).toEqual([3, 2, 1]);
    expect(variant.attemptsAt(14_000)).toBe(0);
  });

  it("is out for as long, and the next time for longer", () => {
    const options = { ejectMs: 1_000, slowStartMs: 0 };
    const before = variantOf(options);
    before.eject(0, settingsOf(options));
    before.refusedUntil = 700;
    const variant = variantOf(options);
    variant.takeOver(before, 500);
    expect([999, 1_000].map((now) => variant.weightAt(now))).toEqual([0, 2]);
    expect(variant.refusedUntil).toBe(700);
    expect(outFor(variant, 1_000, options)).toBe(2_000);
  });
});

it("a variant without outlier detection has all of its weight at once, and counts nothing for long", () => {
  const variant = new SplitVariant("churn", "green", 2, undefined, HALF);
  variant.failed(0);
  expect(variant.weightAt(0)).toBe(2);
  expect(variant.attemptsAt(1)).toBe(0);
});
