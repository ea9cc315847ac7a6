import { describe, expect, it } from "vitest";
import { type TestBreaker, testBreaker } from "../../support/breakers.ts";

/** A closed breaker that has heard that another process's has opened. */
function warned(...args: Parameters<typeof testBreaker>): TestBreaker {
  const test = testBreaker(...args);
  test.clock.skip(60_000);
  test.breaker.probeEarly();
  return test;
}

describe("a closed breaker that hears of another process's opening", () => {
  it("lets its probes through at once, and refuses others while those run", () => {
    const { breaker, refuses, transitions } = warned({ halfOpenProbes: 3 });
    expect(transitions).toEqual(["closed > halfOpen"]);
    expect([refuses(), refuses(), refuses(), refuses()]).toEqual([false, false, false, true]);
    expect(breaker.refusal()).toMatchObject({ openCause: "fleet", retryAfterMs: 0 });
  });

  it("goes on closed at the first probe that succeeds, with all of its calls", () => {
    const { breaker, admitted, refuses, transitions } = warned({ halfOpenProbes: 3 }, undefined, () => 0.999);
    const probes = [admitted(), admitted(), admitted()];
    breaker.settle(probes[0] ?? 0, "failure");
    breaker.settle(probes[1] ?? 0, "success");
    expect(transitions).toEqual(["closed > halfOpen", "halfOpen > closed"]);
    expect(Array.from({ length: 100 }, refuses)).not.toContain(true);
  });

  it("opens only if all of its own probes failed", () => {
    const { breaker, admitted } = warned({ halfOpenProbes: 3, halfOpenAfterMs: 4_000 });
    for (let i = 0; i < 2; i++) breaker.settle(admitted(), "failure");
    expect(breaker.state).toBe("halfOpen");
    breaker.settle(admitted(), "failure");
    expect(breaker.refusal()).toMatchObject({ openCause: "failure", retryAfterMs: 4_000 });
  });

  it("opens for slowness if all of its own probes were slow", () => {
    const { breaker, admitted } = warned({ halfOpenProbes: 2, slowCallMs: 1_000 });
    for (let i = 0; i < 2; i++) breaker.settle(admitted(), "success", 1_000);
    expect(breaker.refusal().openCause).toBe("slow");
  });

  it("gives the place of a probe that was cancelled to the next attempt", () => {
    const { breaker, admitted, refuses } = warned({ halfOpenProbes: 1 });
    const probe = admitted();
    expect(refuses()).toBe(true);
    breaker.settle(probe, "ignored");
    expect(refuses()).toBe(false);
  });

  it("waits for a model that its probe finds loading, and does not take it for a failure", () => {
    const named = warned({ halfOpenProbes: 1 }, { EndpointName: "churn", TargetModel: "a.tar.gz" });
    named.breaker.settle(named.admitted(), "notReady");
    expect(named.breaker.refusal().openCause).toBe("notReady");
    expect(named.breaker.gate.isClosed).toBe(true);
    const whole = warned({ halfOpenProbes: 1 });
    whole.breaker.settle(whole.admitted(), "notReady");
    expect(whole.breaker.state).toBe("halfOpen");
    expect(whole.refuses()).toBe(false);
  });

  it("goes on closed when its probes took too long to tell: a word is good for halfOpenAfterMs", async () => {
    const { breaker, clock, admitted, refuses } = warned({ halfOpenProbes: 1, halfOpenAfterMs: 4_000 });
    const probe = admitted();
    await clock.advance(3_999);
    expect(refuses()).toBe(true);
    await clock.advance(1);
    expect(refuses()).toBe(false);
    expect(breaker.state).toBe("closed");
    breaker.settle(probe, "failure");
    expect(breaker.state).toBe("closed");
  });

  it("believes nobody for another halfOpenAfterMs", async () => {
    const { breaker, clock, admitted } = warned({ halfOpenProbes: 1, halfOpenAfterMs: 4_000 });
    breaker.settle(admitted(), "success");
    await clock.advance(7_999);
    breaker.probeEarly();
    expect(breaker.state).toBe("closed");
    await clock.advance(1);
    breaker.probeEarly();
    expect(breaker.state).toBe("halfOpen");
  });

  it("counts its probes for the trip rule, as it would have without the word", () => {
    const { breaker, admitted } = warned({ halfOpenProbes: 9, breaker: { consecutiveFailures: 2 } });
    for (let i = 0; i < 2; i++) breaker.settle(admitted(), "failure");
    expect(breaker.state).toBe("open");
  });

  it("opens once where its last probe fails and completes what the trip rule asks for", () => {
    const { breaker, admitted, transitions } = warned({
      halfOpenProbes: 2,
      breaker: { consecutiveFailures: 2 },
    });
    for (let i = 0; i < 2; i++) breaker.settle(admitted(), "failure");
    expect(transitions).toEqual(["closed > halfOpen", "halfOpen > open"]);
    expect(breaker.refusal().retryAfterMs).toBe(1_000);
  });

  it("is closed to whoever takes a snapshot: it has seen nothing itself", () => {
    const { breaker, clock } = warned();
    expect(breaker.snapshot()).toEqual({ state: "closed", takenAt: clock.epochNow() });
  });
});

describe("a breaker that is not closed", () => {
  it("is not moved by another process's opening", async () => {
    const open = testBreaker();
    open.trip();
    open.breaker.probeEarly();
    expect(open.breaker.state).toBe("open");
    const isolated = testBreaker();
    isolated.breaker.isolate();
    isolated.breaker.probeEarly();
    expect(isolated.breaker.state).toBe("isolated");
  });

  it("asks at once when another process's has closed, and lets no more than its probes through", () => {
    const { breaker, refuses, trip } = testBreaker();
    trip();
    expect(refuses()).toBe(true);
    breaker.probeNow();
    expect(breaker.state).toBe("open");
    expect([refuses(), refuses()]).toEqual([false, true]);
    expect(breaker.state).toBe("halfOpen");
  });

  it("keeps to its own schedule where its model is loading, or where it was opened by hand", () => {
    const loading = testBreaker({}, { EndpointName: "churn", TargetModel: "a.tar.gz" });
    loading.breaker.settle(loading.admitted(), "notReady");
    const isolated = testBreaker();
    isolated.breaker.isolate();
    for (const { breaker, refuses } of [loading, isolated]) {
      breaker.probeNow();
      expect(refuses()).toBe(true);
    }
  });

  it("opens for longer when the probe that it was talked into fails", () => {
    const { breaker, admitted, trip } = testBreaker({ halfOpenAfterMs: 1_000 });
    trip();
    breaker.probeNow();
    breaker.settle(admitted(), "failure");
    expect(breaker.refusal().retryAfterMs).toBe(2_000);
  });
});
