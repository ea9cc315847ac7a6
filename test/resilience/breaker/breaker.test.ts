import { describe, expect, it, vi } from "vitest";
import { CircuitOpenError } from "../../../lib/errors/local-errors.ts";
import type { BreakerTransition } from "../../../lib/resilience/breaker/breaker-state.ts";
import { testBreaker, wholeEndpoint } from "../../support/breakers.ts";

describe("a closed breaker", () => {
  it("opens when half of at least 20 attempts failed", () => {
    const { breaker, admitted } = testBreaker();
    for (let i = 0; i < 19; i++) breaker.settle(admitted(), i % 2 === 0 ? "success" : "failure");
    expect(breaker.state).toBe("closed");
    breaker.settle(admitted(), "failure");
    expect(breaker.state).toBe("open");
  });

  it("opens after 7 failures in a row of a target with few calls, and after 3 timeouts", () => {
    for (const [verdict, length] of [
      ["failure", 7],
      ["timeout", 3],
    ] as const) {
      const { breaker, admitted } = testBreaker();
      for (let i = 1; i < length; i++) breaker.settle(admitted(), verdict, 50);
      expect(breaker.state).toBe("closed");
      breaker.settle(admitted(), verdict, 50);
      expect(breaker.refusal().openCause).toBe("failure");
    }
  });

  it("does not count what says nothing about the target", () => {
    const { breaker, admitted } = testBreaker();
    for (let i = 0; i < 100; i++) breaker.settle(admitted(), "ignored");
    expect(breaker.state).toBe("closed");
  });
});

describe("the causes and times of a breaker", () => {
  it("are forgotten with a recovery: later failures are failures, and open it for the first time again", async () => {
    const test = testBreaker({ halfOpenAfterMs: 5_000 }, { EndpointName: "churn", TargetModel: "a.tar.gz" });
    for (let i = 0; i < 5; i++) {
      test.breaker.settle(test.admitted(), "notReady");
      await test.clock.advance(test.breaker.refusal().retryAfterMs);
    }
    test.breaker.settle(test.admitted(), "success");
    test.trip();
    expect(test.breaker.refusal()).toMatchObject({ openCause: "failure", retryAfterMs: 5_000 });
  });

  it("are counted by the trip rule alone where targets share a breaker by a key of the user's", () => {
    const named = { EndpointName: "churn", TargetModel: "a.tar.gz" };
    const { breaker, admitted } = testBreaker({ key: () => "all" }, named);
    breaker.settle(admitted(), "notReady");
    expect(breaker.state).toBe("closed");
  });
});

describe("an open breaker", () => {
  it("refuses every attempt and says when it will probe", async () => {
    const { breaker, clock, refuses, trip } = testBreaker({ halfOpenAfterMs: 4_000 });
    trip();
    await clock.advance(1_000);
    expect(refuses()).toBe(true);
    const refusal = breaker.refusal();
    expect(refusal).toBeInstanceOf(CircuitOpenError);
    expect(refusal.retryAfterMs).toBe(3_000);
    expect(refusal.message).toBe("circuit breaker of churn is open (failure); next probe in 3000 ms");
  });

  it("says that the next attempt may be made at once when its time is up and nobody has asked yet", async () => {
    const { breaker, clock, trip } = testBreaker();
    trip();
    await clock.advance(60_000);
    expect(breaker.state).toBe("open");
    expect(breaker.refusal().retryAfterMs).toBe(0);
  });

  it("promises no probe to those that it refuses while others probe", async () => {
    const { breaker, clock, admitted, refuses, trip } = testBreaker();
    trip();
    await clock.advance(60_000);
    admitted();
    expect(refuses()).toBe(true);
    const message = "circuit breaker of churn is open (failure); for now it lets few attempts through";
    expect(breaker.refusal()).toMatchObject({ retryAfterMs: 0, message });
  });

  it("ignores attempts that began before it opened", async () => {
    const { breaker, clock, admitted, trip } = testBreaker({ halfOpenProbes: 1, recoveryRampMs: 0 });
    const beforeOutage = admitted();
    trip();
    breaker.settle(beforeOutage, "success");
    expect(breaker.state).toBe("open");
    await clock.advance(5_000);
    breaker.settle(admitted(), "success");
    expect(breaker.state).toBe("closed");
    for (let i = 0; i < 100; i++) breaker.settle(beforeOutage, "failure");
    expect(breaker.state).toBe("closed");
  });

  it("is not moved by the wall clock", async () => {
    const { clock, refuses, trip, breaker } = testBreaker({ halfOpenAfterMs: 1_000 });
    trip();
    clock.stepEpoch(-3_600_000);
    await clock.advance(1_000);
    expect(refuses()).toBe(false);
    expect(breaker.state).toBe("halfOpen");
  });
});

describe("a half-open breaker", () => {
  it("lets one probe through, and when that succeeded the others, and refuses the rest", async () => {
    const { breaker, clock, admitted, refuses, trip } = testBreaker({ halfOpenProbes: 3 });
    trip();
    await clock.advance(5_000);
    const first = admitted();
    expect(refuses()).toBe(true);
    breaker.settle(first, "success");
    expect([refuses(), refuses(), refuses()]).toEqual([false, false, true]);
  });

  it("waits for its probe as long as it is ever open, and says why it refuses meanwhile", async () => {
    const { breaker, clock, admitted, refuses, trip } = testBreaker({
      halfOpenAfterMs: 1_000,
      maxOpenMs: 3_000,
    });
    trip();
    await clock.advance(1_000);
    admitted();
    await clock.advance(2_999);
    expect([refuses(), breaker.state]).toEqual([true, "halfOpen"]);
    expect(breaker.refusal()).toMatchObject({ openCause: "failure", retryAfterMs: 0 });
  });

  it("closes when all probes succeeded", async () => {
    const { breaker, clock, admitted, trip, transitions } = testBreaker({
      halfOpenProbes: 2,
      recoveryRampMs: 0,
    });
    trip();
    await clock.advance(5_000);
    breaker.settle(admitted(), "success");
    expect(breaker.state).toBe("halfOpen");
    breaker.settle(admitted(), "success");
    expect(transitions).toEqual(["closed > open", "open > halfOpen", "halfOpen > closed"]);
  });

  it("opens for twice as long when a probe fails, up to maxOpenMs", async () => {
    const { breaker, clock, admitted, trip } = testBreaker({ halfOpenAfterMs: 1_000, maxOpenMs: 3_000 });
    trip();
    const openTimes = [breaker.refusal().retryAfterMs];
    for (let i = 0; i < 3; i++) {
      await clock.advance(breaker.refusal().retryAfterMs);
      breaker.settle(admitted(), "failure");
      openTimes.push(breaker.refusal().retryAfterMs);
    }
    expect(openTimes).toEqual([1_000, 2_000, 3_000, 3_000]);
  });

  it("gives the place of a probe that was cancelled to the next attempt", async () => {
    const { breaker, clock, admitted, refuses, trip } = testBreaker({ halfOpenProbes: 1 });
    trip();
    await clock.advance(5_000);
    const probe = admitted();
    expect(refuses()).toBe(true);
    breaker.settle(probe, "ignored");
    expect(refuses()).toBe(false);
  });
});

describe("a listener", () => {
  it("is told of each move and why, and the moves are counted", async () => {
    const told: unknown[] = [];
    const onStateChange = ({ target, ...move }: BreakerTransition) => {
      expect(target).toEqual(wholeEndpoint);
      told.push(Object.values(move));
    };
    const { breaker, clock, admitted, trip } = testBreaker({ halfOpenProbes: 1, onStateChange });
    trip();
    await clock.advance(1_000);
    breaker.settle(admitted(), "success");
    breaker.isolate();
    breaker.reset();
    expect(told).toEqual([
      ["closed", "open", "failure"],
      ["open", "halfOpen", "failure"],
      ["halfOpen", "recovering", undefined],
      ["recovering", "isolated", undefined],
      ["isolated", "closed", undefined],
    ]);
    expect(breaker.transitions).toEqual({ closed: 1, open: 1, halfOpen: 1, recovering: 1, isolated: 1 });
  });

  it("that throws stops nothing: its error is the process's", () => {
    const reported: (() => void)[] = [];
    const report = vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => reported.push(task));
    const { breaker, trip } = testBreaker({
      onStateChange() {
        throw new Error("the listener's own");
      },
    });
    trip();
    report.mockRestore();
    expect(breaker.state).toBe("open");
    expect(reported.map((task) => expect(task).toThrow("the listener's own"))).toHaveLength(1);
  });
});

describe("a breaker moved by hand", () => {
  it("refuses everything while isolated, until it is reset", async () => {
    const { breaker, clock, refuses } = testBreaker();
    expect(breaker.isOverloaded).toBe(false);
    breaker.isolate();
    await clock.advance(3_600_000);
    expect([refuses(), breaker.isOverloaded]).toEqual([true, true]);
    expect(breaker.refusal().openCause).toBe("isolated");
    breaker.reset();
    expect(refuses()).toBe(false);
  });

  it("forgets all that it has seen when it is reset: it opens as if for the first time", () => {
    const { breaker, admitted, trip } = testBreaker({ halfOpenAfterMs: 1_000 });
    trip();
    breaker.reset();
    for (let i = 0; i < 6; i++) breaker.settle(admitted(), "failure");
    expect(breaker.state).toBe("closed");
    breaker.settle(admitted(), "failure");
    expect(breaker.refusal().retryAfterMs).toBe(1_000);
  });
});
