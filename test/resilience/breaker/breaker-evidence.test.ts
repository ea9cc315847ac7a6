import { describe, expect, it } from "vitest";
import { testBreaker } from "../../support/breakers.ts";

describe("a breaker that has just begun", () => {
  it("does not take failures that are faster than successes for an outage", () => {
    const { breaker, admitted } = testBreaker();
    const permits = Array.from({ length: 64 }, admitted);
    permits.slice(0, 24).forEach((permit) => {
      breaker.settle(permit, "failure");
    });
    expect(breaker.state).toBe("closed");
    permits.slice(24).forEach((permit) => {
      breaker.settle(permit, "success");
    });
    expect(breaker.state).toBe("closed");
  });

  it("opens when most of what is in flight has failed", () => {
    const { breaker, admitted } = testBreaker();
    const permits = Array.from({ length: 64 }, admitted);
    permits.slice(0, 31).forEach((permit) => {
      breaker.settle(permit, "failure");
    });
    expect(breaker.state).toBe("closed");
    breaker.settle(permits[31] ?? 0, "failure");
    expect(breaker.state).toBe("open");
  });

  it.each([
    ["timeouts", "timeout", 0, true],
    ["failures that took as long as the window", "failure", 10_000, true],
    ["failures that were quicker", "failure", 9_999, false],
  ] as const)(
    "takes what is in flight beside %s for no success, or for one",
    (_, verdict, durationMs, opens) => {
      const runs = { consecutiveFailures: 1_000, consecutiveTimeouts: 1_000 };
      const { breaker, admitted } = testBreaker({ breaker: runs });
      const permits = Array.from({ length: 64 }, admitted);
      for (const permit of permits.slice(0, 20)) breaker.settle(permit, verdict, durationMs);
      expect(breaker.state).toBe(opens ? "open" : "closed");
    },
  );

  it("takes streams that have begun for no failure, even beside timeouts, until they end", () => {
    const runs = { consecutiveFailures: 1_000, consecutiveTimeouts: 1_000 };
    const { breaker, admitted } = testBreaker({ breaker: runs });
    const streams = Array.from({ length: 22 }, admitted);
    for (const permit of streams) breaker.streamBegan(permit);
    for (let i = 0; i < 21; i++) breaker.settle(admitted(), "timeout");
    expect(breaker.state).toBe("closed");
    breaker.settle(streams[0] ?? 0, "failure", 0, true);
    expect(breaker.state).toBe("open");
  });

  it("counts a stream once: as begun, and then as what it ended in", () => {
    const { breaker, admitted } = testBreaker({ breaker: { consecutiveFailures: 1_000 } });
    for (let i = 0; i < 20; i++) {
      const permit = admitted();
      breaker.streamBegan(permit);
      breaker.settle(permit, i % 2 === 0 ? "success" : "failure", 0, true);
    }
    expect(breaker.state).toBe("open");
  });

  it("knows nothing of streams that began before it recovered", () => {
    const runs = { consecutiveFailures: 1_000, consecutiveTimeouts: 1_000 };
    const { breaker, admitted } = testBreaker({ breaker: runs });
    const streams = Array.from({ length: 100 }, admitted);
    for (const permit of streams) breaker.streamBegan(permit);
    breaker.reset();
    breaker.streamBegan(streams[0] ?? 0);
    for (const permit of streams) breaker.settle(permit, "success", 0, true);
    for (let i = 0; i < 20; i++) breaker.settle(admitted(), "timeout");
    expect(breaker.state).toBe("open");
  });

  it("is open for its loading model where that is as frequent a cause as failures", () => {
    const { breaker, admitted } = testBreaker({ breaker: { consecutiveFailures: 1_000 } });
    for (let i = 0; i < 20; i++) breaker.settle(admitted(), i % 2 === 0 ? "notReady" : "failure");
    expect(breaker.refusal().openCause).toBe("notReady");
  });

  it("is open for the more frequent of the two causes, not for the last one", () => {
    const { breaker, admitted } = testBreaker();
    for (let i = 0; i < 19; i++) breaker.settle(admitted(), "notReady");
    breaker.settle(admitted(), "failure");
    expect(breaker.refusal().openCause).toBe("notReady");
  });
});
