import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../../lib/clock.ts";
import { FleetView } from "../../../lib/resilience/breaker/fleet-view.ts";
import { BreakerLog } from "../../support/breaker-log.ts";
import { testBreaker } from "../../support/breakers.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { testProcess, testView } from "../../support/fleet-views.ts";

const opened = { source: "other", key: "churn", event: "opened" };

describe("the view of a store", () => {
  it("is not up before the store has answered, and looks only once there is a breaker", async () => {
    const log = new BreakerLog();
    const { clock, view, join } = testProcess(log);
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
    const { breaker, clock, view, join, refuses } = testProcess(log);
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
    const { clock, view, join } = testProcess(log);
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
    const { breaker, clock, view, join } = testProcess(log);
    join();
    log.entries.push(opened);
    view.stop();
    await clock.advance(5_000);
    expect([clock.pendingTimers, log.reads, view.isUp, breaker.state]).toEqual([0, 1, false, "closed"]);
    join();
    await clock.advance(5_000);
    expect([clock.pendingTimers, log.reads]).toEqual([0, 1]);
  });

  it("counts no error of a store that was asked before it was stopped, and fails afterwards", async () => {
    const log = new BreakerLog();
    const { clock, view, join } = testProcess(log);
    log.state = "down";
    join();
    view.stop();
    await clock.advance(0);
    expect([log.reads, view.errors]).toEqual([1, { error: 0, timeout: 0, malformed: 0 }]);
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
