import { describe, expect, it } from "vitest";
import { OpenElsewhere } from "../../../lib/resilience/breaker/open-elsewhere.ts";
import { FakeClock } from "../../support/fake-clock.ts";

describe("what is open elsewhere", () => {
  it("is open as long as it is in any process", () => {
    const elsewhere = new OpenElsewhere(new FakeClock());
    expect(elsewhere.isOpen("churn")).toBe(false);
    elsewhere.opened("churn", "a");
    elsewhere.opened("churn", "b");
    elsewhere.closed("churn", "a");
    elsewhere.closed("churn", "unknown");
    elsewhere.closed("other", "b");
    expect(elsewhere.isOpen("churn")).toBe(true);
    elsewhere.closed("churn", "b");
    expect(elsewhere.isOpen("churn")).toBe(false);
  });

  it("is news when it was not open there before, or was for longer than a minute", async () => {
    const clock = new FakeClock();
    const elsewhere = new OpenElsewhere(clock);
    expect([elsewhere.opened("churn", "a"), elsewhere.opened("churn", "a")]).toEqual([true, false]);
    expect(elsewhere.opened("churn", "b")).toBe(true);
    await clock.advance(59_999);
    expect([elsewhere.isOpen("churn"), elsewhere.opened("churn", "a")]).toEqual([true, false]);
    await clock.advance(59_999);
    expect(elsewhere.isOpen("churn")).toBe(true);
    await clock.advance(1);
    expect(elsewhere.isOpen("churn")).toBe(false);
    expect(elsewhere.opened("churn", "a")).toBe(true);
  });

  it("is at most ten thousand openings, of which the oldest makes room", () => {
    const elsewhere = new OpenElsewhere(new FakeClock());
    for (let i = 0; i < 10_000; i++) elsewhere.opened(`key ${i}`, "a");
    elsewhere.opened("key 0", "a");
    expect(elsewhere.isOpen("key 1")).toBe(true);
    elsewhere.opened("one more", "a");
    expect(["key 0", "key 1", "key 2", "one more"].map((key) => elsewhere.isOpen(key))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});
