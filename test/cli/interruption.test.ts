import { describe, expect, it, onTestFinished } from "vitest";
import { runUntilInterrupted } from "../../lib/cli/load/interruption.ts";
import type { CallEnd } from "../../lib/load/call-end.ts";
import { LoadTest } from "../../lib/load/load-test.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

/** A run of calls that never end, and a keyboard. */
function startRun() {
  const clock = new FakeClock();
  const shape = { ratePerSecond: 10, rampMs: 0, warmUpMs: 0, durationMs: 60_000 };
  const arms = [() => new Promise<CallEnd>(() => {})];
  const test = new LoadTest({ shape, maxInFlight: 100, arms, clock });
  const others = process.listeners("SIGINT");
  const said: string[] = [];
  const ended = runUntilInterrupted(test, (line) => said.push(line), clock);
  const listeners = () => process.listeners("SIGINT").filter((listener) => !others.includes(listener));
  onTestFinished(() => {
    for (const listener of listeners()) process.off("SIGINT", listener);
  });
  return {
    clock,
    said,
    ended,
    press() {
      for (const listener of listeners()) listener("SIGINT");
    },
    isListening: () => listeners().length > 0,
  };
}

describe("Ctrl+C in a run", () => {
  it("is one keystroke where a launcher delivers it twice: calls in flight are waited for", async () => {
    const { clock, said, ended, press } = startRun();
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    press();
    await clock.advance(2);
    press();
    await settle();
    expect(said).toEqual(["Stopping: 1 call is in flight. Ctrl+C again reports without it."]);
    expect(isOver).toBe(false);
  });

  it("ends it when it is pressed again, and does not end the report when that is delivered twice", async () => {
    const { clock, ended, press, isListening } = startRun();
    press();
    await clock.advance(600);
    press();
    const { result, isInterrupted } = await ended;
    expect([isInterrupted, result.due, result.arms[0]?.total.unfinished]).toEqual([true, 1, 1]);
    expect(isListening()).toBe(true);
    press();
  });
});
