import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../lib/resilience/breaker/breaker-state.ts";
import { type TestBreaker, testBreaker } from "../../support/breakers.ts";

function settle({ breaker, admitted }: TestBreaker, count: number, verdict: Verdict, durationMs: number) {
  for (let i = 0; i < count; i++) breaker.settle(admitted(), verdict, durationMs);
}

describe("slow calls", () => {
  it("open the breaker when they are the given share of those of the window, though all succeeded", () => {
    const test = testBreaker({ slowCallMs: 1_000, slowCallRatio: 0.25 });
    settle(test, 15, "success", 999);
    settle(test, 4, "success", 1_000);
    expect(test.breaker.state).toBe("closed");
    settle(test, 1, "success", 1_000);
    expect(test.breaker.state).toBe("open");
    expect(test.breaker.refusal().message).toContain("is open (slow)");
  });

  it("are half of them at the default", () => {
    const test = testBreaker({ slowCallMs: 1_000 });
    for (let i = 0; i < 10; i++) {
      expect(test.breaker.state).toBe("closed");
      settle(test, 1, "success", 10);
      settle(test, 1, "success", 1_000);
    }
    expect(test.breaker.state).toBe("open");
  });

  it("are counted apart from failures: a third of each opens nothing", () => {
    const test = testBreaker({ slowCallMs: 1_000 });
    for (let i = 0; i < 20; i++) {
      settle(test, 1, "success", 10);
      settle(test, 1, "failure", 10);
      settle(test, 1, "success", 1_000);
    }
    expect(test.breaker.state).toBe("closed");
  });

  it("count whatever came of them: failed, timed out, or ended by the deadline of their caller", () => {
    for (const verdict of ["failure", "timeout", "ignored"] as const) {
      const test = testBreaker({ slowCallMs: 1_000, breaker: () => new ConsecutiveBreaker(1_000) });
      settle(test, 7, verdict, 1_000);
      expect(test.breaker.refusal().openCause).toBe("slow");
    }
  });

  describe("that are streams", () => {
    const slowStreams = ({ breaker, admitted }: TestBreaker, count: number, headMs: number) =>
      Array.from({ length: count }, () => {
        const permit = admitted();
        breaker.streamBegan(permit, headMs);
        return permit;
      });

    it("are known by their heads, while they go on", () => {
      const test = testBreaker({ slowCallMs: 1_000 });
      slowStreams(test, 6, 1_000);
      expect(test.breaker.state).toBe("closed");
      slowStreams(test, 1, 1_000);
      expect(test.breaker.refusal().openCause).toBe("slow");
    });

    it("count once each, whatever comes of them: six that break are no seven", () => {
      const test = testBreaker({ slowCallMs: 1_000 });
      for (const permit of slowStreams(test, 6, 1_000)) test.breaker.settle(permit, "ignored", 1_000, true);
      expect(test.breaker.state).toBe("closed");
    });

    it("count as fast by a head that came soon, however long they are", () => {
      const test = testBreaker({ slowCallMs: 1_000, slowCallRatio: 0.6 });
      slowStreams(test, 20, 999);
      slowStreams(test, 20, 1_000);
      expect(test.breaker.state).toBe("closed");
    });
  });

  it("are not those that were cancelled soon, which say nothing", () => {
    const test = testBreaker({ slowCallMs: 1_000, slowCallRatio: 1 });
    for (let i = 0; i < 7; i++) {
      settle(test, 1, "ignored", 10);
      settle(test, 1, "success", 1_000);
    }
    expect(test.breaker.state).toBe("open");
  });

  it("are not those of a model that is loading", () => {
    const test = testBreaker({ slowCallMs: 1_000, key: () => "all" });
    settle(test, 19, "notReady", 5_000);
    expect(test.breaker.state).toBe("closed");
  });

  it("are looked for in the window of the failures, from the same number on", () => {
    const numbers = { minimumThroughput: 4, windowMs: 1_000, consecutiveFailures: 100 };
    const test = testBreaker({ slowCallMs: 100, breaker: numbers });
    settle(test, 3, "success", 100);
    expect(test.breaker.state).toBe("closed");
    settle(test, 1, "success", 100);
    expect(test.breaker.state).toBe("open");
  });

  it("fail a probe, of whatever cause the breaker is open, and the next opening is for them", async () => {
    for (const verdict of ["success", "ignored"] as const) {
      const test = testBreaker({ slowCallMs: 1_000 });
      test.trip();
      await test.clock.advance(1_000);
      settle(test, 1, verdict, 1_000);
      expect(test.breaker.refusal()).toMatchObject({ openCause: "slow", retryAfterMs: 2_000 });
    }
  });

  it("are forgotten with a recovery", async () => {
    const test = testBreaker({ slowCallMs: 1_000, halfOpenProbes: 1, recoveryRampMs: 0 });
    settle(test, 7, "success", 1_000);
    await test.clock.advance(5_000);
    settle(test, 1, "success", 10);
    settle(test, 6, "success", 1_000);
    expect(test.breaker.state).toBe("closed");
    settle(test, 1, "success", 1_000);
    expect(test.breaker.state).toBe("open");
  });

  it("open nothing where no slowCallMs says what is slow", () => {
    const test = testBreaker();
    settle(test, 100, "success", 3_600_000);
    expect(test.breaker.state).toBe("closed");
  });
});
