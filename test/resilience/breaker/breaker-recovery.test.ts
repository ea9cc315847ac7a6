import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import { testBreaker } from "../../support/breakers.ts";

describe("a recovering breaker", () => {
  it("admits a growing share of the attempts, then all", async () => {
    const randoms = { value: 0.15 };
    const test = testBreaker({ halfOpenProbes: 1, recoveryRampMs: 1_000 }, undefined, () => randoms.value);
    test.trip();
    await test.clock.advance(6_000);
    test.breaker.settle(test.admitted(), "success");
    expect(test.breaker.state).toBe("recovering");
    test.admitted();
    expect(test.refuses()).toBe(true);
    await test.clock.advance(100);
    expect(test.refuses()).toBe(false);
    randoms.value = 0.999;
    expect(test.refuses()).toBe(true);
    await test.clock.advance(900);
    expect(test.refuses()).toBe(false);
    expect(test.breaker.state).toBe("closed");
  });

  it("refuses nobody while no more run at once than there were probes", async () => {
    const test = testBreaker({ halfOpenProbes: 2, recoveryRampMs: 1_000 }, undefined, () => 0.999);
    test.trip();
    await test.clock.advance(6_000);
    for (let i = 0; i < 2; i++) test.breaker.settle(test.admitted(), "success");
    const running = [test.admitted(), test.admitted()];
    expect(test.refuses()).toBe(true);
    test.breaker.settle(running[0] ?? 0, "success");
    expect(test.refuses()).toBe(false);
    expect(test.breaker.state).toBe("recovering");
  });

  it("opens again when the load brings the target down again", async () => {
    const test = testBreaker(
      { halfOpenProbes: 1, breaker: () => new ConsecutiveBreaker(2) },
      undefined,
      () => 0,
    );
    test.trip();
    await test.clock.advance(6_000);
    test.breaker.settle(test.admitted(), "success");
    test.breaker.settle(test.admitted(), "failure");
    test.breaker.settle(test.admitted(), "failure");
    expect(test.breaker.state).toBe("open");
  });

  it("opens for as long as at first where one probe succeeded before another failed: the target is not down", async () => {
    const test = testBreaker(
      { halfOpenAfterMs: 1_000, maxOpenMs: 8_000, halfOpenProbes: 3 },
      undefined,
      () => 0.5,
    );
    test.trip();
    for (const openMs of [1_000, 2_000, 4_000]) {
      expect(test.breaker.refusal().retryAfterMs).toBe(openMs);
      await test.clock.advance(openMs);
      test.breaker.settle(test.admitted(), "failure");
    }
    await test.clock.advance(8_000);
    test.breaker.settle(test.admitted(), "success");
    test.breaker.settle(test.admitted(), "failure");
    expect(test.breaker.state).toBe("open");
    expect(test.breaker.refusal().retryAfterMs).toBe(1_000);
  });

  /** Its ramp takes a second, and chance lets nobody through that is not let through anyway. */
  async function recovering(random: () => number = () => 0.999) {
    const options = { halfOpenAfterMs: 1_000, halfOpenProbes: 1, recoveryRampMs: 1_000 };
    const test = testBreaker(options, undefined, random);
    test.trip();
    await test.clock.advance(test.breaker.refusal().retryAfterMs);
    test.breaker.settle(test.admitted(), "success");
    return test;
  }

  it("lets nobody through by chance for whom the share is just too small", async () => {
    const test = await recovering(() => 0.1);
    test.admitted();
    expect(test.refuses()).toBe(true);
    await test.clock.advance(1);
    expect(test.refuses()).toBe(false);
  });

  it("refuses for the failures that it recovers from, and says to come back at once", async () => {
    const { breaker, admitted, refuses } = await recovering();
    admitted();
    expect(refuses()).toBe(true);
    expect(breaker.refusal()).toMatchObject({ openCause: "failure", retryAfterMs: 0 });
  });

  it("opens for longer if it fails again, and for the first time once it is over", async () => {
    for (const [waitMs, openForMs] of [
      [0, 2_000],
      [1_000, 1_000],
    ] as const) {
      const { breaker, clock, admitted } = await recovering();
      await clock.advance(waitMs);
      for (let i = 0; i < 7; i++) breaker.settle(admitted(), "failure");
      // Chance adds nearly a tenth.
      expect(breaker.refusal().retryAfterMs).toBeCloseTo(openForMs * 1.0998, 6);
    }
  });

  it("forgets what failed before it, and not what fails while it goes on", async () => {
    const { breaker, clock, admitted } = await recovering();
    for (let i = 0; i < 6; i++) breaker.settle(admitted(), "failure");
    expect(breaker.state).toBe("recovering");
    await clock.advance(1_000);
    const last = admitted();
    expect(breaker.state).toBe("closed");
    breaker.settle(last, "failure");
    expect(breaker.state).toBe("open");
  });
});
