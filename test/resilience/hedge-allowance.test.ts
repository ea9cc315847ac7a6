import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HedgeAllowance, LEAST_STORED, STORED_AT_START } from "../../lib/resilience/hedge-allowance.ts";

function spendAll(allowance: HedgeAllowance, now: number): number {
  let hedges = 0;
  while (allowance.tryTake(now)) hedges++;
  return hedges;
}

/** An allowance that has nothing left of what it began with. */
function spentAllowance(share: number): HedgeAllowance {
  const allowance = new HedgeAllowance(share, 0);
  spendAll(allowance, 0);
  return allowance;
}

describe("the allowance of hedges", () => {
  it("is a few before the first attempt, which leave room for more", () => {
    expect(spendAll(new HedgeAllowance(0.25, 0), 0)).toBe(STORED_AT_START);
    expect(STORED_AT_START).toBeLessThan(LEAST_STORED);
  });

  it("is a share of the attempts", () => {
    const allowance = spentAllowance(0.25);
    for (let i = 0; i < 100; i++) allowance.attempted(0);
    expect(spendAll(allowance, 0)).toBe(25);
    for (let i = 0; i < 3; i++) allowance.attempted(0);
    expect(allowance.tryTake(0)).toBe(false);
    allowance.attempted(0);
    expect(allowance.tryTake(0)).toBe(true);
  });

  it("is a whole hedge after ten attempts that earn a tenth", () => {
    const allowance = spentAllowance(0.1);
    for (let i = 0; i < 10; i++) allowance.attempted(0);
    expect(spendAll(allowance, 0)).toBe(1);
  });

  it("adds up over a quiet client's attempts, however far apart they are", () => {
    const allowance = spentAllowance(0.25);
    for (let minute = 1; minute <= 4; minute++) allowance.attempted(minute * 60_000);
    expect(spendAll(allowance, 240_000)).toBe(1);
  });

  it("stores no more than the last 10 s have earned", () => {
    const allowance = new HedgeAllowance(0.25, 0);
    for (let i = 0; i < 4_000; i++) allowance.attempted(0);
    for (let i = 0; i < 80; i++) allowance.attempted(20_000);
    expect(spendAll(allowance, 20_000)).toBe(20);
  });

  it("keeps a handful at the most over a long silence", () => {
    const allowance = new HedgeAllowance(0.25, 0);
    for (let i = 0; i < 4_000; i++) allowance.attempted(0);
    expect(spendAll(allowance, 3_600_000)).toBe(LEAST_STORED);
  });

  it("takes back a hedge that was not made", () => {
    const allowance = spentAllowance(0.25);
    for (let i = 0; i < 4; i++) allowance.attempted(0);
    expect(allowance.tryTake(0)).toBe(true);
    allowance.giveBack(0);
    expect(spendAll(allowance, 0)).toBe(1);
  });

  it("never allows more than the share of all attempts and what it began with, nor in any time more than stored and earned", () => {
    const step = fc.record({ ms: fc.nat({ max: 8_000 }), attempts: fc.nat({ max: 40 }), wanted: fc.nat(9) });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (steps, share) => {
          const allowance = new HedgeAllowance(share, 0);
          const taken: { at: number; attempts: number; hedges: number }[] = [];
          let now = 0;
          for (const { ms, attempts, wanted } of steps) {
            now += ms;
            for (let i = 0; i < attempts; i++) allowance.attempted(now);
            let hedges = 0;
            for (let i = 0; i < wanted; i++) if (allowance.tryTake(now)) hedges++;
            taken.push({ at: now, attempts, hedges });
          }
          const sum = (from: number, what: "attempts" | "hedges") =>
            taken.filter(({ at }) => at >= from).reduce((total, one) => total + one[what], 0);
          expect(sum(0, "hedges")).toBeLessThanOrEqual(STORED_AT_START + share * sum(0, "attempts") + 1e-6);
          for (const { at: from } of taken) {
            const before = taken.filter(({ at }) => at < from && at > from - 10_000);
            const stored = Math.max(
              LEAST_STORED,
              share * before.reduce((total, one) => total + one.attempts, 0),
            );
            const earned = share * sum(from, "attempts");
            expect(sum(from, "hedges")).toBeLessThanOrEqual(stored + earned + 1e-6);
          }
        },
      ),
    );
  });
});
