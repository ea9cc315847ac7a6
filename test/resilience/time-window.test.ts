import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SLOTS, TimeWindow } from "../../lib/resilience/time-window.ts";

/** A window of a second in ten slots of 100 ms. */
const aSecond = (now = 0) => new TimeWindow(1_000, now);

describe("a time window", () => {
  it("counts good and bad events apart", () => {
    const window = aSecond();
    window.addGood(0);
    window.addGood(50);
    window.addBad(250);
    expect([window.good(250), window.bad(250)]).toEqual([2, 1]);
  });

  it("forgets a slot as a whole when it is a window old, and no sooner", () => {
    const window = aSecond();
    window.addGood(0);
    window.addBad(99);
    window.addGood(100);
    expect([window.good(999), window.bad(999)]).toEqual([2, 1]);
    expect([window.good(1_000), window.bad(1_000)]).toEqual([1, 0]);
    expect(window.good(1_100)).toBe(0);
  });

  it("holds nothing after a long time in which nothing happened", () => {
    const window = aSecond();
    for (let now = 0; now < 1_000; now += 100) {
      window.addGood(now);
      window.addBad(now);
    }
    expect([window.good(999), window.bad(999)]).toEqual([SLOTS, SLOTS]);
    expect([window.good(3_600_050), window.bad(3_600_050)]).toEqual([0, 0]);
  });

  it("begins when it is made, however late that is", () => {
    const window = aSecond(12_345);
    window.addBad(12_345);
    expect(window.bad(13_299)).toBe(1);
    expect(window.bad(13_300)).toBe(0);
  });

  it("counts an event of a moment ago in the newest slot, where the clock is a little behind", () => {
    const window = aSecond();
    window.addGood(500);
    window.addGood(350);
    expect(window.good(500, 1)).toBe(2);
  });

  it("looks back no further than it is asked to, the slot of now included", () => {
    const window = aSecond();
    for (const now of [0, 100, 200, 300]) {
      window.addGood(now);
      window.addBad(now);
    }
    expect([1, 2, 4, SLOTS].map((slots) => window.good(300, slots))).toEqual([1, 2, 4, 4]);
    expect([1, 2, 4, SLOTS].map((slots) => window.bad(300, slots))).toEqual([1, 2, 4, 4]);
    expect(window.bad(400, 1)).toBe(0);
  });
});

describe("undoing a bad event", () => {
  it("takes it out of the slot that it was counted in", () => {
    const window = aSecond();
    window.addBad(0);
    window.addBad(300);
    window.removeBad(0, 500);
    expect(window.bad(500)).toBe(1);
    expect(window.bad(1_050)).toBe(1);
    window.removeBad(300, 1_100);
    expect(window.bad(1_100)).toBe(0);
  });

  it("leaves the others of that slot", () => {
    const window = aSecond();
    for (const now of [0, 10, 20]) window.addBad(now);
    window.removeBad(10, 20);
    expect(window.bad(20)).toBe(2);
  });

  it("changes nothing where the event is out of the window already", () => {
    const window = aSecond();
    window.addBad(0);
    window.addBad(1_000);
    window.removeBad(0, 1_000);
    expect(window.bad(1_000)).toBe(1);
  });

  it("never leaves less than none", () => {
    const window = aSecond();
    window.addBad(0);
    window.removeBad(0, 0);
    window.removeBad(0, 0);
    window.addBad(0);
    expect(window.bad(0)).toBe(1);
  });
});

describe("how far back some events are", () => {
  const window = aSecond();
  window.addGood(0);
  window.addBad(0);
  window.addGood(400);
  window.addBad(600);

  it.each([
    [1, 1, 1],
    [2, 1, 3],
    [3, 1, 7],
    [4, 1, 7],
    [1, 3, 3],
    [0, 2, 2],
    [5, 1, SLOTS],
  ])("for %i events, and at least %i slots: %i", (events, least, slots) => {
    expect(window.slotsBack(600, least, events)).toBe(slots);
  });

  it("is all of it where they have become too old", () => {
    const short = aSecond();
    short.addGood(0);
    expect(short.slotsBack(900, 1, 1)).toBe(SLOTS);
    expect(short.slotsBack(1_000, 1, 1)).toBe(SLOTS);
  });
});

describe("taking over another window", () => {
  it("adds each event at its age", () => {
    const before = aSecond();
    before.addGood(0);
    before.addBad(0);
    before.addBad(800);
    const window = aSecond(850);
    window.addGood(850);
    window.addBad(850);
    window.takeOver(before, 850);
    expect([window.good(850), window.bad(850)]).toEqual([2, 3]);
    expect([window.good(1_000), window.bad(1_000)]).toEqual([1, 2]);
    expect(window.bad(1_800)).toBe(0);
  });

  it("leaves behind what a shorter window is too short for", () => {
    const before = aSecond();
    for (const now of [0, 400, 900]) before.addGood(now);
    const window = new TimeWindow(500, 900).takeOver(before, 900);
    expect(window.good(900)).toBe(1);
  });

  it("takes nothing that the other one has forgotten", () => {
    const before = aSecond();
    before.addGood(0);
    expect(new TimeWindow(60_000, 2_000).takeOver(before, 2_000).good(2_000)).toBe(0);
  });

  it("keeps the ages in a longer one", () => {
    const before = aSecond();
    before.addBad(0);
    before.addBad(900);
    const window = new TimeWindow(2_000, 900).takeOver(before, 900);
    expect(window.bad(900, 1)).toBe(1);
    expect(window.bad(900)).toBe(2);
    expect(window.bad(2_000)).toBe(1);
  });
});

describe("the law of a time window", () => {
  it("at any time it holds what is younger than its window less a slot, and nothing older than its window", () => {
    const steps = fc.array(fc.record({ ms: fc.nat({ max: 400 }), isGood: fc.boolean() }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(steps, fc.nat({ max: 2_000 }), (list, afterMs) => {
        const window = aSecond();
        const events: { at: number; isGood: boolean }[] = [];
        let now = 0;
        for (const { ms, isGood } of list) {
          now += ms;
          if (isGood) window.addGood(now);
          else window.addBad(now);
          events.push({ at: now, isGood });
        }
        now += afterMs;
        for (const isGood of [true, false]) {
          const youngerThan = (ms: number) =>
            events.filter((event) => event.isGood === isGood && now - event.at < ms).length;
          const held = isGood ? window.good(now) : window.bad(now);
          expect(held).toBeGreaterThanOrEqual(youngerThan(901));
          expect(held).toBeLessThanOrEqual(youngerThan(1_000));
        }
      }),
    );
  });
});
