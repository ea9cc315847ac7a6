import { describe, expect, it } from "vitest";
import { testBreaker } from "../../support/breakers.ts";

describe("a half-open breaker whose probes are silent", () => {
  it("asks with another probe each time that they have been silent for so long", async () => {
    const { breaker, clock, admitted, refuses, trip } = testBreaker({
      halfOpenAfterMs: 1_000,
      maxOpenMs: 3_000,
    });
    trip();
    await clock.advance(1_000);
    for (let i = 0; i < 3; i++) {
      admitted();
      expect(refuses()).toBe(true);
      await clock.advance(3_000);
    }
    const answered = admitted();
    breaker.settle(answered, "success");
    breaker.settle(admitted(), "success");
    breaker.settle(admitted(), "success");
    expect(breaker.state).toBe("recovering");
  });

  it("asks with one at a time again when those that were silent have given up", async () => {
    const { breaker, clock, admitted, refuses, trip } = testBreaker({
      halfOpenAfterMs: 1_000,
      maxOpenMs: 3_000,
    });
    trip();
    await clock.advance(1_000);
    const silent = admitted();
    await clock.advance(3_000);
    const another = admitted();
    breaker.settle(silent, "ignored");
    expect(refuses()).toBe(true);
    breaker.settle(another, "ignored");
    admitted();
    expect(refuses()).toBe(true);
  });
});
