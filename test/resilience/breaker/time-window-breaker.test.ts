import { SamplingBreaker } from "cockatiel";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TimeWindowBreaker } from "../../../lib/resilience/breaker/time-window-breaker.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const CLOSED = 0;

/** A rule that needs four attempts and looks back a second, by default with no run that would do. */
function slowRule(maxWindowMs?: number, consecutiveFailures = 100) {
  const clock = new FakeClock();
  const numbers = { minimumThroughput: 4, windowMs: 1_000, consecutiveFailures };
  const rule = new TimeWindowBreaker({
    ...numbers,
    ...(maxWindowMs === undefined ? {} : { maxWindowMs }),
    clock,
  });
  /** `f`ailed or not, one after the other: whether the last one is reason to open. */
  const feed = (outcomes: string): boolean => {
    let opens = false;
    for (const outcome of outcomes) {
      if (outcome === "f") opens = rule.failure(CLOSED);
      else rule.success(CLOSED);
    }
    return opens;
  };
  return { rule, clock, feed };
}

describe("the time-window rule", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("says open at the failure ratio, and not below the minimum throughput", () => {
    const rule = new TimeWindowBreaker({ failureRatio: 0.5, minimumThroughput: 4, clock: new FakeClock() });
    rule.success(CLOSED);
    expect([rule.failure(CLOSED), rule.failure(CLOSED), rule.failure(CLOSED)]).toEqual([false, false, true]);
  });

  it("forgets what is older than its window", async () => {
    const clock = new FakeClock();
    const rule = new TimeWindowBreaker({
      minimumThroughput: 3,
      windowMs: 1_000,
      maxWindowMs: 1_000,
      clock,
    });
    rule.failure(CLOSED);
    rule.failure(CLOSED);
    await clock.advance(1_000);
    expect(rule.failure(CLOSED)).toBe(false);
    expect(rule.failure(CLOSED)).toBe(false);
    expect(rule.failure(CLOSED)).toBe(true);
  });

  it("looks at the last window alone where that holds enough", async () => {
    const { rule, clock, feed } = slowRule();
    feed("ssssssss");
    await clock.advance(1_000);
    expect(feed("fsf")).toBe(false);
    expect(feed("f")).toBe(true);
    expect(rule.state).toBe(undefined);
  });

  it("reaches back to the attempts it needs where the last window holds too few, and no further", async () => {
    const { clock, feed } = slowRule();
    expect(feed("ff")).toBe(false);
    await clock.advance(2_000);
    expect(feed("sf")).toBe(true);
    await clock.advance(1_500);
    expect(feed("sssss")).toBe(false);
    await clock.advance(1_000);
    expect(feed("sf")).toBe(false);
  });

  it("reaches back six windows at the most, unless told otherwise", async () => {
    for (const [maxWindowMs, waitMs, opens] of [
      [undefined, 5_900, true],
      [undefined, 6_000, false],
      [2_000, 1_900, true],
      [2_000, 2_000, false],
    ] as const) {
      const { clock, feed } = slowRule(maxWindowMs);
      feed("fff");
      await clock.advance(waitMs);
      expect(feed("f")).toBe(opens);
    }
  });

  it("takes a run of failures for enough, without a success in between and within the longest window", async () => {
    const clock = new FakeClock();
    const rule = new TimeWindowBreaker({ consecutiveFailures: 3, windowMs: 1_000, clock });
    const fail = () => rule.failure(CLOSED);
    expect([fail(), fail()]).toEqual([false, false]);
    rule.success(CLOSED);
    expect([fail(), fail()]).toEqual([false, false]);
    await clock.advance(6_000);
    expect([fail(), fail(), fail()]).toEqual([false, false, true]);
  });

  it("takes no run for enough where the last window holds many attempts", () => {
    const clock = new FakeClock();
    const rule = new TimeWindowBreaker({ consecutiveFailures: 2, minimumThroughput: 10, clock });
    for (let i = 0; i < 8; i++) rule.success(CLOSED);
    expect([rule.failure(CLOSED), rule.failure(CLOSED)]).toEqual([false, false]);
    const few = new TimeWindowBreaker({ consecutiveFailures: 2, minimumThroughput: 10, clock });
    for (let i = 0; i < 7; i++) few.success(CLOSED);
    expect([few.failure(CLOSED), few.failure(CLOSED)]).toEqual([false, true]);
  });

  it("takes a run for enough of a target with few calls, though further back most were well", async () => {
    const { clock, feed } = slowRule(undefined, 3);
    feed("ssssssss");
    await clock.advance(2_000);
    expect([feed("ff"), feed("f")]).toEqual([false, true]);
  });

  it("takes a run for enough where it may look no further back and has seen little", () => {
    const { feed } = slowRule(1_000, 3);
    expect([feed("ff"), feed("f")]).toEqual([false, true]);
  });

  it("may look back sixty windows", () => {
    expect(() => slowRule(60_000)).not.toThrow();
  });

  it("takes fewer timeouts than failures for a run, and other failures between them do not end it", () => {
    const rule = new TimeWindowBreaker({ consecutiveTimeouts: 2, clock: new FakeClock() });
    expect(rule.failure(CLOSED, 0, "timeout")).toBe(false);
    expect(rule.failure(CLOSED)).toBe(false);
    expect(rule.failure(CLOSED, 0, "timeout")).toBe(true);
    rule.success(CLOSED);
    expect(rule.failure(CLOSED, 0, "timeout")).toBe(false);
  });

  it("ends a run of timeouts with an answer that has begun, and no run of failures", () => {
    const rule = new TimeWindowBreaker({
      consecutiveTimeouts: 2,
      consecutiveFailures: 3,
      clock: new FakeClock(),
    });
    const opens = () => rule.failure(CLOSED, 0, "timeout");
    expect(opens()).toBe(false);
    rule.answered();
    expect(opens()).toBe(false);
    rule.answered();
    expect(opens()).toBe(true);
  });

  it("takes no run of failures for enough beside more attempts that are undecided than have failed", () => {
    const rule = () => new TimeWindowBreaker({ consecutiveFailures: 3, clock: new FakeClock() });
    const third = (breaker: TimeWindowBreaker, undecided: number) => {
      breaker.failure(CLOSED, 0);
      breaker.failure(CLOSED, 0);
      return breaker.failure(CLOSED, undecided);
    };
    expect(third(rule(), 3)).toBe(true);
    expect(third(rule(), 4)).toBe(false);
  });

  it("takes not-ready answers for no run: one variant of several may be loading", () => {
    const rule = new TimeWindowBreaker({ consecutiveFailures: 2, clock: new FakeClock() });
    for (let i = 0; i < 19; i++) expect(rule.failure(CLOSED, 0, "notReady")).toBe(false);
    expect(rule.failure(CLOSED, 0, "notReady")).toBe(true);
  });

  it("CK2: one failure after an idle hour opens cockatiel's sampler and not ours", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const theirs = new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 });
    const clock = new FakeClock();
    const ours = new TimeWindowBreaker({ minimumThroughput: 5, windowMs: 10_000, clock });
    for (const rule of [theirs, ours]) {
      for (let i = 0; i < 10; i++) rule.success(CLOSED);
      for (let i = 0; i < 10; i++) rule.failure(CLOSED);
    }
    vi.setSystemTime(Date.now() + 3_600_000);
    await clock.advance(3_600_000);
    expect(theirs.failure(CLOSED)).toBe(true);
    expect(ours.failure(CLOSED)).toBe(false);
  });

  it.each([
    [{ failureRatio: 0 }, "TimeWindowBreaker.failureRatio must be a number above 0 and up to 1, got 0"],
    [
      { minimumThroughput: 0 },
      "TimeWindowBreaker.minimumThroughput must be a whole number of at least 1, got 0",
    ],
    [{ windowMs: -1 }, "TimeWindowBreaker.windowMs must be a number of milliseconds above 0"],
    [
      { windowMs: 1_000, maxWindowMs: 999 },
      "TimeWindowBreaker.maxWindowMs must be a number of milliseconds from windowMs (1000) to 60 times that",
    ],
    [{ windowMs: 1_000, maxWindowMs: 60_001 }, "TimeWindowBreaker.maxWindowMs must be a number"],
    [
      { consecutiveFailures: 0 },
      "TimeWindowBreaker.consecutiveFailures must be a whole number of at least 1",
    ],
    [
      { consecutiveTimeouts: 1.5 },
      "TimeWindowBreaker.consecutiveTimeouts must be a whole number of at least 1",
    ],
    [{ ratio: 1 } as object, "TimeWindowBreaker.ratio is not an option"],
  ])("refuses %o by name", (options, message) => {
    expect(() => new TimeWindowBreaker(options)).toThrow(message);
  });
});
