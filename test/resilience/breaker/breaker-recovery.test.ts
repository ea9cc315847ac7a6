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
});
