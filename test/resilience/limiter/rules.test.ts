import { describe, expect, it } from "vitest";
import { AimdRule } from "../../../lib/resilience/limiter/aimd-rule.ts";
import { GradientRule } from "../../../lib/resilience/limiter/gradient-rule.ts";
import { SampleWindow } from "../../../lib/resilience/limiter/sample-window.ts";
import { VegasRule } from "../../../lib/resilience/limiter/vegas-rule.ts";

/** A window of answers that all took as long, while so many were in flight. */
function windowOf(latencyMs: number, inFlight: number, answered = 10): SampleWindow {
  const window = new SampleWindow(0);
  for (let i = 0; i < answered; i++) window.add(0, "answered", latencyMs, inFlight);
  return window;
}

const nothingAnswered = () => new SampleWindow(0);

describe("vegas, at a limit of 100 whose lowest latency is 100 ms", () => {
  /** With the tolerance of a quarter, half of what is in flight at 250 ms waits in the target's queue. */
  const halfQueued = (inFlight: number) => windowOf(250, inFlight);
  const knowing = (now = 0) => {
    const rule = new VegasRule();
    rule.next(100, windowOf(100, 100), now);
    return rule;
  };

  it.each([
    ["grows fast while next to nothing is queued", 4, 112],
    ["grows slowly while little is", 5, 102],
    ["stays between its two bounds", 12, 100],
    ["still stays at the upper one", 24, 100],
    ["shrinks by what is queued above it, to no more than twice what is in use", 30, 57],
    ["shrinks from where it is, if all is in use", 80, 72],
  ])("%s", (_, inFlight, limit) => {
    expect(knowing().next(100, halfQueued(inFlight), 1)).toBeCloseTo(limit, 9);
  });

  it("counts no more in flight than the limit", () => {
    expect(knowing().next(10, halfQueued(50), 1)).toBe(10);
  });

  it("moves by one at least where the limit is small", () => {
    expect(knowing().next(5, halfQueued(5), 1)).toBe(6);
  });

  it("learns nothing from a window without an answer", () => {
    const rule = new VegasRule();
    expect(rule.next(100, nothingAnswered(), 0)).toBe(100);
    expect(rule.next(100, windowOf(100, 100), 1)).toBe(112);
  });

  it("remembers the lowest latency for one to two minutes, through whatever comes after it", () => {
    const begin = 1_000_000;
    const rule = knowing(begin);
    const at = (ms: number) => rule.next(100, halfQueued(80), begin + ms);
    expect([at(1), at(2), at(60_000), at(119_999)]).toEqual([72, 72, 72, 72]);
    expect(at(120_000)).toBe(112);
  });
});

describe("aimd", () => {
  const cutAt = 1_000;
  /** Its next limit in the minute after a cut, where nothing else is said. */
  const next = (limit: number, answered: number, now = cutAt + 59_999) => {
    const rule = new AimdRule();
    rule.wasCut(cutAt);
    return rule.next(limit, windowOf(100, limit, answered), now);
  };

  it("adds one for each round trip, and one at least, but never more than doubles", () => {
    expect([next(100, 10), next(100, 300), next(4, 1_000)]).toEqual([101, 103, 8]);
  });

  it("adds a quarter where overload has not cut it for a minute, or never has", () => {
    expect(next(100, 10, cutAt + 60_000)).toBe(125);
    expect(new AimdRule().next(100, windowOf(100, 100), 0)).toBe(125);
  });
});

describe("the gradient, at a limit of 100 whose usual latency is 100 ms", () => {
  const knowing = () => {
    const rule = new GradientRule();
    rule.next(100, windowOf(100, 100), 0);
    return rule;
  };

  it("learns nothing from a window without an answer", () => {
    expect(knowing().next(100, nothingAnswered(), 1)).toBe(100);
  });

  it("takes at most half of what is in use, and goes no lower than 8", () => {
    expect([100, 8].map((used) => knowing().next(100, windowOf(400, used), 1))).toEqual([75, 8]);
  });

  /** It has been slow since 1,000 ms, and a window of `cutTo` in flight ends at `now`. */
  const afterACut = (slowMs: number, cutTo: number, laterMs: number, now: number) => {
    const rule = knowing();
    rule.next(100, windowOf(slowMs, 100), 1_000);
    return rule.next(100, windowOf(laterMs, cutTo), now);
  };
  const tookSlownessForUsual = 100;

  it("takes a slowness for usual that a cut to half has not changed for two seconds", () => {
    expect(afterACut(400, 50, 400, 2_999)).toBe(50);
    expect(afterACut(400, 50, 400, 3_000)).toBe(tookSlownessForUsual);
  });

  it("has more patience with a slower target: two of its round trips", () => {
    expect(afterACut(4_000, 50, 4_000, 8_999)).toBe(50);
    expect(afterACut(4_000, 50, 4_000, 9_000)).toBe(tookSlownessForUsual);
  });

  it("does not before half is cut, nor where latency has fallen by more than a fifth", () => {
    expect(afterACut(400, 51, 400, 60_000)).toBeLessThan(100);
    expect(afterACut(400, 50, 320, 60_000)).toBe(tookSlownessForUsual);
    expect(afterACut(400, 50, 319, 60_000)).toBeLessThan(100);
  });

  describe("that finds it at 400 ms with all of it in use", () => {
    /** What becomes of the limit, second by second, where all of it stays in use. */
    const through = (...latencies: number[]) => {
      const rule = knowing();
      const limits = [100];
      latencies.forEach((latencyMs, second) => {
        limits.push(rule.next(limits.at(-1)!, windowOf(latencyMs, limits.at(-1)!), 1_000 * (second + 1)));
      });
      return limits.slice(1);
    };

    it("leaves half until that has shown, and gives all of it back where it changed nothing", () => {
      expect(through(400, 400, 400, 400)).toEqual([75, 56.25, 50, 100]);
    });

    it("gives back no more than twice what was in use, lest all who waited meanwhile come at once", () => {
      const rule = knowing();
      rule.next(100, windowOf(400, 30), 1_000);
      expect(rule.next(19, windowOf(400, 15), 6_000)).toBe(60);
    });

    it("takes answers for no recovery that may be the fast ones alone, as they come first after a cut", () => {
      expect(through(2_000, 100, 2_000, 2_000, 2_000)).toEqual([75, 75, 56.25, 50, 100]);
    });

    it("takes them for one where the slow ones have had the time to come", () => {
      expect(through(2_000, 100, 100, 100, 100).slice(-2)).toEqual([75, 93.75]);
    });

    it("takes as many as may be in flight for one: a process that stood still is not to be held back for as long again", () => {
      const rule = knowing();
      const limit = rule.next(100, windowOf(10_000, 20), 1_000);
      expect(rule.next(limit, windowOf(100, 15, 8), 1_500)).toBe(limit);
      expect(rule.next(limit, windowOf(100, 15, 8), 2_000)).toBeGreaterThan(limit);
    });

    it("goes on to half of that where it helped, but not enough", () => {
      expect(through(400, 400, 400, 300, 300, 300, 300).at(-1)).toBeLessThan(50);
    });

    it("gives all of it back even where the first half helped and the second did not", () => {
      expect(through(400, 400, 400, ...new Array(30).fill(300)).at(-1)).toBeGreaterThanOrEqual(100);
    });
  });
});
