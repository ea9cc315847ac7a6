import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClockSkew } from "../lib/clock-skew.ts";
import { FakeClock } from "./support/fake-clock.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const dateOf = (epochMs: number) => new Date(epochMs).toUTCString();

/** A host whose clock differs from the service's, and calls that are signed and refused. */
function setUp(serviceIsAheadMs: number, isEnabled = true, initialOffsetMs = 0) {
  const clock = new FakeClock(Date.UTC(2026, 0, 2, 3, 4, 5));
  const skew = new ClockSkew(isEnabled, initialOffsetMs);
  /** Signs a request now; the result tells what its refusal, by an answer that comes now, leads to. */
  const sign = () => {
    const startedAt = clock.epochNow();
    const signedAt = startedAt + skew.offsetMs;
    return function refuse(dateHeader: string | undefined = dateOf(clock.epochNow() + serviceIsAheadMs)) {
      const isProven = skew.isProven(dateHeader, signedAt);
      if (isProven) skew.observe(dateHeader, startedAt, clock.epochNow());
      return isProven;
    };
  };
  return { clock, skew, sign };
}

describe("clock skew", () => {
  it.each([4 * MINUTE + 1_000, HOUR, -HOUR, 24 * HOUR])(
    "of %d ms is proven by a refused signature, and corrected",
    (aheadMs) => {
      const { skew, sign } = setUp(aheadMs);
      expect(sign()()).toBe(true);
      expect(skew.offsetMs).toBe(aheadMs);
      expect(sign()()).toBe(false);
    },
  );

  it.each([0, 1_000, -2 * MINUTE, 4 * MINUTE - 1_000])("of %d ms is no reason for a refusal", (aheadMs) => {
    const { skew, sign } = setUp(aheadMs);
    expect(sign()()).toBe(false);
    expect(skew.offsetMs).toBe(0);
  });

  it("is not learnt from dates that differ by less, so that a good clock never moves", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -239_000, max: 239_000 }), { maxLength: 20 }), (differences) => {
        const { clock, skew } = setUp(0);
        for (const difference of differences) {
          skew.observe(dateOf(clock.epochNow() + difference), clock.epochNow(), clock.epochNow());
        }
        expect(skew.offsetMs).toBe(0);
      }),
    );
  });

  it("leaves dates within a second of the service's after one correction, whatever it was", () => {
    const differences = fc.oneof(
      fc.integer({ min: -1_000 * HOUR, max: 1_000 * HOUR }),
      fc.integer({ min: -5 * MINUTE, max: 5 * MINUTE }),
    );
    fc.assert(
      fc.property(differences, (aheadMs) => {
        const { skew, sign } = setUp(aheadMs);
        const isProven = sign()();
        expect(Math.abs(skew.offsetMs - aheadMs)).toBeLessThan(isProven ? 1_000 : 4 * MINUTE + 1_000);
        expect(sign()()).toBe(false);
      }),
    );
  });

  it("lets each of the calls in flight together sign once more", () => {
    const { skew, sign } = setUp(HOUR);
    const refusals = [sign(), sign(), sign()];
    expect(refusals.map((refuse) => refuse())).toEqual([true, true, true]);
    expect(skew.offsetMs).toBe(HOUR);
  });

  it("is corrected again when the host's clock is set right", () => {
    const { clock, skew, sign } = setUp(HOUR);
    sign()();
    clock.stepEpoch(HOUR);
    const refuse = sign();
    expect(refuse(dateOf(clock.epochNow()))).toBe(true);
    expect(skew.offsetMs).toBe(0);
  });

  it("is not learnt by a process that was frozen between signing and reading the answer; it signs once more", async () => {
    const { clock, skew, sign } = setUp(0);
    const refuse = sign();
    await clock.advance(10 * MINUTE);
    const oldAnswer = dateOf(clock.epochNow());
    await clock.advance(HOUR);
    expect(refuse(oldAnswer)).toBe(true);
    expect(skew.offsetMs).toBe(0);
  });

  it.each([undefined, "", "yesterday"])("is not proven without a date (%j)", (header) => {
    const { skew, sign } = setUp(HOUR);
    const signedAt = 0;
    expect(skew.isProven(header, signedAt)).toBe(false);
    skew.observe(header, 0, 0);
    expect(skew.offsetMs).toBe(0);
    expect(sign()("nonsense")).toBe(false);
  });

  it("is corrected from what is known already", () => {
    const { skew, sign } = setUp(HOUR, true, HOUR - MINUTE);
    expect(sign()()).toBe(false);
    expect(skew.offsetMs).toBe(HOUR - MINUTE);
  });

  it("is left alone where correction is switched off", () => {
    const { skew, sign } = setUp(HOUR, false, 5);
    expect(sign()()).toBe(false);
    skew.observe(dateOf(0), HOUR, HOUR);
    expect(skew.offsetMs).toBe(5);
  });
});
