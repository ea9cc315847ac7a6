import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Expiry, Timeouts } from "../lib/timeouts.ts";
import { FakeClock } from "./support/fake-clock.ts";

const USUAL_MS = 1_000;

class Note extends Expiry {
  readonly #clock: FakeClock;
  expiredAt: number | undefined;

  constructor(clock: FakeClock) {
    super();
    this.#clock = clock;
  }

  expire(): void {
    this.expiredAt = this.#clock.now();
  }
}

describe("timeouts", () => {
  let clock: FakeClock;
  let timeouts: Timeouts;

  beforeEach(() => {
    clock = new FakeClock();
    timeouts = new Timeouts(clock, USUAL_MS);
  });

  function start(delayMs = USUAL_MS, from = clock.now()): Note {
    const note = new Note(clock);
    timeouts.start(note, from, delayMs);
    return note;
  }

  it("take one timer for all that are given the usual time, and let each expire when it is due", async () => {
    const first = start();
    await clock.advance(400);
    const second = start();
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(2_000);
    expect([first.expiredAt, second.expiredAt]).toEqual([1_000, 1_400]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("let nothing expire that was stopped, and keep no timer when nothing waits", async () => {
    const notes = [start(), start(), start(50)];
    for (const note of notes) timeouts.stop(note);
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(5_000);
    expect(notes.map((note) => note.expiredAt)).toEqual([undefined, undefined, undefined]);
  });

  it("hold no process up while nothing waits, and hold it up again with the same timer", async () => {
    timeouts.stop(start());
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(700);
    const note = start();
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(5_000);
    expect(note.expiredAt).toBe(1_700);
    expect(clock.pendingTimers).toBe(0);
  });

  it("hold no process up at all where something else does", async () => {
    timeouts = new Timeouts(clock, USUAL_MS, false);
    const notes = [start(), start(300)];
    timeouts.stop(start());
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(5_000);
    expect(notes.map((note) => note.expiredAt)).toEqual([USUAL_MS, 300]);
  });

  it("let who was late to start expire ahead of those that wait", async () => {
    await clock.advance(600);
    const [first, late] = [start(), start(USUAL_MS, clock.now() - 600)];
    await clock.advance(2_000);
    expect([late.expiredAt, first.expiredAt]).toEqual([1_000, 1_600]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("take no new timer for one call after the other", async () => {
    const made = vi.spyOn(clock, "setTimeout");
    for (let call = 0; call < 10; call++) {
      const note = start();
      await clock.advance(20);
      timeouts.stop(note);
    }
    expect(made).toHaveBeenCalledTimes(1);
  });

  it("may be stopped and started from within an expiry", async () => {
    const other = new Note(clock);
    class Restarting extends Note {
      override expire(): void {
        super.expire();
        timeouts.stop(later);
        timeouts.start(other, clock.now(), USUAL_MS);
      }
    }
    timeouts.start(new Restarting(clock), clock.now(), USUAL_MS);
    const later = start();
    await clock.advance(3_000);
    expect([later.expiredAt, other.expiredAt]).toEqual([undefined, 2_000]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("let everything expire in its order at its own time, whatever is started and stopped when", async () => {
    const step = fc.record({
      waitMs: fc.integer({ min: 0, max: 700 }),
      lateMs: fc.integer({ min: 0, max: 30 }),
      delayMs: fc.constantFrom(USUAL_MS, USUAL_MS, USUAL_MS, 300, 2_500),
      stops: fc.option(fc.nat(), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        clock = new FakeClock();
        timeouts = new Timeouts(clock, USUAL_MS);
        const started: { note: Note; dueAt: number; stoppedAt: number }[] = [];
        for (const { waitMs, lateMs, delayMs, stops } of steps) {
          await clock.advance(waitMs);
          const from = clock.now() - lateMs;
          const dueAt = from + delayMs;
          started.push({ note: start(delayMs, from), dueAt, stoppedAt: Number.POSITIVE_INFINITY });
          const stopped = stops === undefined ? undefined : started[stops % started.length];
          if (stopped === undefined) continue;
          timeouts.stop(stopped.note);
          stopped.stoppedAt = Math.min(stopped.stoppedAt, clock.now());
        }
        await clock.advance(10_000);
        expect(clock.pendingTimers).toBe(0);
        for (const { note, dueAt, stoppedAt } of started) {
          if (stoppedAt < dueAt) expect(note.expiredAt).toBeUndefined();
          else expect(note.expiredAt).toBe(dueAt);
        }
      }),
    );
  });
});
