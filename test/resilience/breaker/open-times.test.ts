import { describe, expect, it } from "vitest";
import { OpenTimes } from "../../../lib/resilience/breaker/open-times.ts";
import { rampShare } from "../../../lib/resilience/breaker/recovery-ramp.ts";

describe("open times", () => {
  const openTimes = () => new OpenTimes({ openForMs: (_cause, timesOpened) => timesOpened });

  it("grow with each opening, whatever it failed of, until it has closed", () => {
    const times = openTimes();
    expect([times.next("failure"), times.next("slow"), times.next("failure")]).toEqual([0, 1, 2]);
    times.reset();
    expect([times.next("failure"), times.next("failure")]).toEqual([0, 1]);
  });

  it("start anew where a model that was loading fails, or one that failed is loading", () => {
    const times = openTimes();
    expect([times.next("notReady"), times.next("notReady"), times.next("failure")]).toEqual([0, 1, 0]);
    expect([times.next("failure"), times.next("notReady")]).toEqual([1, 0]);
  });
});

describe("a recovery", () => {
  it("begins with a tenth of the calls and grows evenly to all of them", () => {
    expect([0, 500, 999].map((elapsed) => rampShare(elapsed, 1_000))).toEqual([0.1, 0.55, 0.9991]);
  });

  it("is over when its time is", () => {
    expect([rampShare(1_000, 1_000), rampShare(5_000, 1_000), rampShare(0, 0)]).toEqual([1, 1, 1]);
  });
});
