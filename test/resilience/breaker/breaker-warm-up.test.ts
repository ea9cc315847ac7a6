import { describe, expect, it } from "vitest";
import { testBreaker } from "../../support/breakers.ts";

describe("a breaker whose model is being loaded", () => {
  const model = { EndpointName: "churn", TargetModel: "a.tar.gz" };

  it("opens at the first not-ready answer of a model that was named", () => {
    const { breaker, admitted } = testBreaker({}, model);
    breaker.settle(admitted(), "notReady");
    expect(breaker.refusal().openCause).toBe("notReady");
    expect(breaker.gate.isClosed).toBe(true);
  });

  it("stays closed while only some answers of an endpoint are not ready", () => {
    const { breaker, admitted } = testBreaker();
    for (let i = 0; i < 100; i++) breaker.settle(admitted(), i % 4 === 0 ? "notReady" : "success");
    expect(breaker.state).toBe("closed");
    expect(breaker.gate.isClosed).toBe(false);
  });

  it("asks with one probe, on a schedule that doubles from 1 s to 10 s", async () => {
    const { breaker, clock, admitted, refuses } = testBreaker({}, model, () => 1);
    breaker.settle(admitted(), "notReady");
    const delays: number[] = [];
    for (let i = 0; i < 6; i++) {
      const delay = breaker.refusal().retryAfterMs;
      delays.push(delay);
      await clock.advance(delay);
      const probe = admitted();
      expect(refuses()).toBe(true);
      breaker.settle(probe, "notReady");
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it("closes at once when the probe is answered, because the gate does the ramp", async () => {
    const { breaker, clock, admitted } = testBreaker({}, model);
    breaker.settle(admitted(), "notReady");
    await clock.advance(1_000);
    breaker.settle(admitted(), "success");
    expect(breaker.state).toBe("closed");
    expect(breaker.gate.isClosed).toBe(false);
  });

  it("counts as failing only after three failures of another kind in a row", async () => {
    const { breaker, clock, admitted } = testBreaker({}, model);
    breaker.settle(admitted(), "notReady");
    const causes: string[] = [];
    for (let i = 0; i < 3; i++) {
      await clock.advance(breaker.refusal().retryAfterMs);
      breaker.settle(admitted(), "failure");
      causes.push(breaker.refusal().openCause);
    }
    expect(causes).toEqual(["notReady", "notReady", "failure"]);
  });

  /** It is loading, and a hundred callers wait for it. */
  function awaited() {
    const test = testBreaker({ halfOpenProbes: 1 }, model);
    test.breaker.settle(test.admitted(), "notReady");
    const scope = { cancelled: undefined, running: undefined };
    let left = 0;
    for (let i = 0; i < 100; i++) void test.breaker.gate.wait(scope, 60_000, 0).then(() => left++);
    return { ...test, left: () => left };
  }

  it("lets the first eight of those who wait go when it is ready, and the others soon after", async () => {
    const { breaker, clock, left } = awaited();
    breaker.reset();
    await clock.advance(0);
    expect([breaker.gate.isClosed, left()]).toEqual([false, 8]);
    await clock.advance(1_000);
    expect(left()).toBe(100);
  });

  it("sends all who wait away at once when it is isolated, or fails for other reasons", async () => {
    const isolated = awaited();
    isolated.breaker.isolate();
    const failing = awaited();
    for (let i = 0; i < 3; i++) {
      await failing.clock.advance(failing.breaker.refusal().retryAfterMs);
      failing.breaker.settle(failing.admitted(), "failure");
    }
    for (const { breaker, clock, left } of [isolated, failing]) {
      await clock.advance(0);
      expect([breaker.gate.isClosed, left()]).toEqual([false, 100]);
    }
  });
});
