import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../../lib/clock.ts";
import type { BreakerState, BreakerTransition } from "../../../lib/resilience/breaker/breaker-state.ts";
import { FleetView } from "../../../lib/resilience/breaker/fleet-view.ts";
import { BreakerLog } from "../../support/breaker-log.ts";
import { testBreaker, wholeEndpoint } from "../../support/breakers.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { testView } from "../../support/fleet-views.ts";

/** One process: a breaker for the key `churn`, and its view of the fleet behind `log`. */
function process(log: BreakerLog) {
  const { clock: breakerClock, ...test } = testBreaker({ halfOpenAfterMs: 4_000 });
  const { view, clock } = testView(log, (key) => (key === "churn" ? test.breaker : undefined));
  const moves = (to: BreakerState, cause?: BreakerTransition["cause"], key = "churn") =>
    view.transitioned(key, { target: wholeEndpoint, from: "closed", to, cause });
  const join = () => view.joined("churn", test.breaker);
  return { ...test, view, clock, breakerClock, moves, join };
}

const opened = { source: "other", key: "churn", event: "opened" };
const closed = { source: "other", key: "churn", event: "closed" };

describe("what a process says", () => {
  it("is that a breaker opened for failures or slowness, and that it closed again", async () => {
    const log = new BreakerLog();
    const { moves, clock } = process(log);
    moves("open", "failure");
    moves("halfOpen", "failure");
    moves("recovering");
    moves("closed");
    moves("open", "slow");
    moves("closed");
    await clock.advance(0);
    const said = log.entries.map((news) => (news as typeof opened).event);
    expect(said).toEqual(["opened", "closed", "opened", "closed"]);
    expect(log.entries[0]).toMatchObject({ key: "churn", event: "opened" });
  });

  it("is nothing of loading models, nor of what was moved by hand", async () => {
    const log = new BreakerLog();
    const { moves, clock, view } = process(log);
    moves("open", "notReady");
    moves("closed");
    moves("isolated");
    moves("closed");
    moves("open", "failure");
    moves("isolated");
    moves("closed");
    moves("open", "failure", "gone");
    view.left("gone");
    moves("closed", undefined, "gone");
    await clock.advance(0);
    expect(log.entries.map((news) => (news as typeof opened).event)).toEqual(["opened", "opened"]);
  });

  it("is nothing about a key that is too long to be passed on, or after it was stopped", async () => {
    const log = new BreakerLog();
    const { moves, clock, view } = process(log);
    moves("open", "failure", "k".repeat(2_049));
    moves("open", "failure", "k".repeat(2_048));
    view.stop();
    moves("open", "failure");
    await clock.advance(0);
    expect(log.entries.length).toBe(1);
  });

  it("is counted as lost where the store does not take it, and nobody waits", async () => {
    const log = new BreakerLog();
    const { moves, clock, view } = process(log);
    log.state = "down";
    moves("open", "failure");
    await clock.advance(0);
    expect(view.errors).toEqual({ error: 1, timeout: 0, malformed: 0 });
    log.state = "hangs";
    for (let i = 0; i < 101; i++) moves("open", "failure");
    await clock.advance(0);
    expect(view.errors).toEqual({ error: 1, timeout: 1, malformed: 0 });
  });
});

describe("what a process hears", () => {
  it("makes its closed breaker probe, within a look", async () => {
    const log = new BreakerLog();
    const { breaker, clock, join } = process(log);
    join();
    await clock.advance(500);
    log.entries.push(opened);
    await clock.advance(499);
    expect(breaker.state).toBe("closed");
    await clock.advance(1);
    expect(breaker.state).toBe("halfOpen");
  });

  it("makes its open breaker probe when another process's has closed", async () => {
    const log = new BreakerLog();
    const { clock, join, trip, refuses } = process(log);
    join();
    trip();
    expect(refuses()).toBe(true);
    log.entries.push(opened, closed);
    await clock.advance(1_000);
    expect(refuses()).toBe(false);
  });

  it("is news once for each source, until that one has closed", async () => {
    const log = new BreakerLog();
    const test = process(log);
    test.join();
    for (const [news, transitions] of [
      [opened, 2],
      [opened, 2],
      [{ ...opened, source: "third" }, 4],
      [closed, 4],
      [opened, 6],
    ] as const) {
      log.entries.push(news);
      await test.clock.advance(1_000);
      if (test.breaker.state === "halfOpen") test.breaker.settle(test.admitted(), "success");
      // Beyond the time for which it believes nobody: what is told apart here is the sources.
      await test.breakerClock.advance(8_000);
      expect(test.transitions.length).toBe(transitions);
    }
  });

  it("is nothing new where it said so itself, or where it has no such breaker", async () => {
    const log = new BreakerLog();
    const { breaker, clock, join, moves } = process(log);
    join();
    moves("open", "failure");
    log.entries.push({ ...opened, key: "other" });
    await clock.advance(2_000);
    expect(breaker.state).toBe("closed");
  });

  it("is remembered for a breaker that comes into being within a minute", async () => {
    for (const [waitMs, state] of [
      [59_999, "halfOpen"],
      [60_000, "closed"],
    ] as const) {
      const log = new BreakerLog();
      const { breaker, clock, view } = process(log);
      log.entries.push({ ...opened, key: "new" });
      view.joined("first", testBreaker().breaker);
      await clock.advance(0);
      await clock.advance(waitMs);
      view.joined("new", breaker);
      expect(breaker.state).toBe(state);
    }
  });

  it("is ignored and counted where it is malformed", async () => {
    const log = new BreakerLog();
    const { breaker, clock, view, join } = process(log);
    log.entries.push(null, "opened", 7, {}, { ...opened, event: "ajar" }, { ...opened, source: "" });
    log.entries.push({ ...opened, key: 5 }, { ...opened, key: "k".repeat(2_049) }, undefined);
    join();
    await clock.advance(0);
    expect(view.errors).toEqual({ error: 0, timeout: 0, malformed: 9 });
    expect(view.isUp).toBe(true);
    expect(breaker.state).toBe("closed");
  });

  it("is bounded, however much the store gives", async () => {
    const log = new BreakerLog();
    const { clock, view, join } = process(log);
    for (let i = 0; i < 10_005; i++) log.entries.push({ ...opened, key: `key ${i}` });
    join();
    await clock.advance(0);
    expect(view.errors.malformed).toBe(5);
  });
});

describe("the view of a store", () => {
  it("is not up before the store has answered, and looks only once there is a breaker", async () => {
    const log = new BreakerLog();
    const { clock, view, join } = process(log);
    await clock.advance(60_000);
    expect([log.reads, view.isUp, clock.pendingTimers]).toEqual([0, false, 0]);
    join();
    join();
    await clock.advance(0);
    expect([log.reads, view.isUp, clock.pendingTimers]).toEqual([1, true, 1]);
    await clock.advance(5_000);
    expect([log.reads, clock.pendingTimers]).toEqual([6, 1]);
  });

  it("is down while the store refuses, leaves breakers alone, and is up again when it answers", async () => {
    const log = new BreakerLog();
    const { breaker, clock, view, join, refuses } = process(log);
    log.state = "down";
    join();
    await clock.advance(2_000);
    expect([view.isUp, view.errors.error]).toEqual([false, 3]);
    expect([breaker.state, refuses()]).toEqual(["closed", false]);
    log.state = "up";
    log.entries.push(opened);
    await clock.advance(1_000);
    expect([view.isUp, breaker.state]).toEqual([true, "halfOpen"]);
  });

  it("is down when the store does not answer by the next look, and asks it nothing more meanwhile", async () => {
    const log = new BreakerLog();
    const { clock, view, join } = process(log);
    join();
    await clock.advance(0);
    log.state = "hangs";
    await clock.advance(4_000);
    expect([view.isUp, view.errors.timeout, log.reads]).toEqual([false, 3, 2]);
  });

  it("says malformed of a store that does not give a list", async () => {
    const clock = new FakeClock();
    const store = { publish: async () => {}, read: async () => "news" as unknown as unknown[] };
    const view = new FleetView({ store, pollMs: 1_000, clock, random: () => 0.5, find: () => undefined });
    view.joined("churn", testBreaker().breaker);
    await clock.advance(0);
    expect(view.errors.malformed).toBe(1);
  });

  it("does not keep the process alive", () => {
    const timers: NodeJS.Timeout[] = [];
    const clock: Clock = {
      ...systemClock,
      setTimeout(callback, delayMs, arg) {
        const timer = systemClock.setTimeout(callback, delayMs, arg);
        timers.push(timer as NodeJS.Timeout);
        return timer;
      },
    };
    const settings = { pollMs: 60_000, clock, random: Math.random, find: () => undefined };
    const view = new FleetView({ store: new BreakerLog().reader(), ...settings });
    view.joined("churn", testBreaker().breaker);
    expect(timers.map((timer) => timer.hasRef())).toEqual([false]);
    view.stop();
  });

  it("lets go of its timer when it is stopped, for good, and hears nothing more", async () => {
    const log = new BreakerLog();
    const { breaker, clock, view, join } = process(log);
    join();
    log.entries.push(opened);
    view.stop();
    await clock.advance(5_000);
    expect([clock.pendingTimers, log.reads, view.isUp, breaker.state]).toEqual([0, 1, false, "closed"]);
    join();
    await clock.advance(5_000);
    expect([clock.pendingTimers, log.reads]).toEqual([0, 1]);
  });

  it("looks at times that differ by up to a tenth, so that a fleet does not look together", async () => {
    const looks = [0, 0.5, 0.999_999].map((random) => {
      const log = new BreakerLog();
      const { view, clock } = testView(log, undefined, () => random);
      view.joined("churn", testBreaker().breaker);
      return { log, clock };
    });
    for (const { clock } of looks) await clock.advance(900);
    expect(looks.map(({ log }) => log.reads)).toEqual([2, 1, 1]);
    for (const { clock } of looks) await clock.advance(199);
    expect(looks.map(({ log }) => log.reads)).toEqual([2, 2, 1]);
  });
});
