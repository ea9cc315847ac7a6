import { describe, expect, it } from "vitest";
import { BreakerLog } from "../../support/breaker-log.ts";
import { testBreaker } from "../../support/breakers.ts";
import { testProcess } from "../../support/fleet-views.ts";

const opened = { source: "other", key: "churn", event: "opened" };
const closed = { source: "other", key: "churn", event: "closed" };

describe("what a process says", () => {
  it("is that a breaker opened for failures or slowness, and that it closed again", async () => {
    const log = new BreakerLog();
    const { moves, clock } = testProcess(log);
    for (const [to, cause, ...said] of [
      ["open", "failure", "opened"],
      ["halfOpen", "failure"],
      ["open", "notReady"],
      ["halfOpen", "notReady"],
      ["recovering", undefined, "closed"],
      ["closed", undefined],
      ["open", "slow", "opened"],
      ["closed", undefined, "closed"],
    ] as const) {
      const before = log.entries.length;
      moves(to, cause);
      await clock.advance(0);
      expect(log.entries.slice(before)).toMatchObject(said.map((event) => ({ key: "churn", event })));
    }
  });

  it("is nothing of loading models, nor of what was moved by hand", async () => {
    const log = new BreakerLog();
    const { moves, clock, view } = testProcess(log);
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
    const { moves, clock, view } = testProcess(log);
    moves("open", "failure", "k".repeat(2_049));
    moves("open", "failure", "k".repeat(2_048));
    view.stop();
    moves("open", "failure");
    await clock.advance(0);
    expect(log.entries.length).toBe(1);
  });

  it("is counted as lost where the store does not take it, and nobody waits", async () => {
    const log = new BreakerLog();
    const { moves, clock, view } = testProcess(log);
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
    const { breaker, clock, join } = testProcess(log);
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
    const { clock, join, trip, refuses } = testProcess(log);
    join();
    trip();
    expect(refuses()).toBe(true);
    log.entries.push(opened, closed);
    await clock.advance(1_000);
    expect(refuses()).toBe(false);
  });

  it("is news once for each source, until that one has closed", async () => {
    const log = new BreakerLog();
    const test = testProcess(log);
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
    const { breaker, view, clock, join, moves } = testProcess(log);
    join();
    moves("open", "failure");
    log.entries.push({ ...opened, key: "other" }, { ...closed, key: "other" });
    await clock.advance(2_000);
    expect(breaker.state).toBe("closed");
    expect(view.errors).toEqual({ error: 0, timeout: 0, malformed: 0 });
  });

  it("is remembered for a breaker that comes into being within a minute", async () => {
    for (const [waitMs, state] of [
      [59_999, "halfOpen"],
      [60_000, "closed"],
    ] as const) {
      const log = new BreakerLog();
      const { breaker, clock, view } = testProcess(log);
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
    const { breaker, clock, view, join } = testProcess(log);
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
    const { clock, view, join } = testProcess(log);
    for (let i = 0; i < 10_005; i++) log.entries.push({ ...opened, key: `key ${i}` });
    join();
    await clock.advance(0);
    expect(view.errors.malformed).toBe(5);
    const stateOf = (key: string) => {
      const { breaker } = testBreaker();
      view.joined(key, breaker);
      return breaker.state;
    };
    expect([stateOf("key 0"), stateOf("key 9999")]).toEqual(["halfOpen", "halfOpen"]);
    expect([stateOf("key 10000"), stateOf("key 10004")]).toEqual(["closed", "closed"]);
  });
});
