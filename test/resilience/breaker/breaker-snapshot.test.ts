import { ConsecutiveBreaker } from "cockatiel";
import { describe, expect, it } from "vitest";
import type { BreakerSnapshot } from "../../../lib/resilience/breaker/breaker-snapshot.ts";
import { testBreaker } from "../../support/breakers.ts";

/** As it comes back from a file or a store. */
const stored = (snapshot: BreakerSnapshot): BreakerSnapshot => JSON.parse(JSON.stringify(snapshot));

describe("a snapshot", () => {
  it("says that a breaker is closed, of one that recovers as well: elsewhere nobody has seen it fail", async () => {
    const { breaker, clock, admitted, trip } = testBreaker({ halfOpenProbes: 1 });
    expect(breaker.snapshot()).toEqual({ state: "closed", takenAt: clock.epochNow() });
    trip();
    await clock.advance(1_000);
    breaker.settle(admitted(), "success");
    expect(breaker.state).toBe("recovering");
    expect(breaker.snapshot()).toEqual({ state: "closed", takenAt: clock.epochNow() });
  });

  it("says that a breaker is isolated", () => {
    const { breaker, clock } = testBreaker();
    breaker.isolate();
    expect(breaker.snapshot()).toEqual({ state: "isolated", takenAt: clock.epochNow() });
  });

  it("says why a breaker is open and for how much longer, which is not at all once it may probe", async () => {
    const { breaker, clock, trip, admitted } = testBreaker({ halfOpenAfterMs: 5_000 });
    trip();
    const seen = async (ms: number) => {
      await clock.advance(ms);
      const { takenAt, ...snapshot } = breaker.snapshot();
      expect(takenAt).toBe(clock.epochNow());
      return snapshot;
    };
    expect(await seen(1_000)).toEqual({ state: "open", cause: "failure", openForMs: 4_000 });
    expect(await seen(10_000)).toEqual({ state: "open", cause: "failure", openForMs: 0 });
    admitted();
    expect(breaker.state).toBe("halfOpen");
    expect(await seen(0)).toEqual({ state: "open", cause: "failure", openForMs: 0 });
  });
});

describe("a breaker that takes a snapshot over", () => {
  it("is open for the time that is left", async () => {
    const first = testBreaker({ halfOpenAfterMs: 5_000 });
    first.trip();
    await first.clock.advance(1_000);
    const snapshot = stored(first.breaker.snapshot());
    const second = testBreaker();
    await second.clock.advance(3_000);
    expect(second.breaker.restore(snapshot)).toBe(true);
    expect(second.breaker.refusal()).toMatchObject({ openCause: "failure", retryAfterMs: 2_000 });
    expect(second.breaker.gate.isClosed).toBe(false);
  });

  it("asks at once where none is left", async () => {
    const { breaker, clock, refuses } = testBreaker();
    const takenAt = clock.epochNow();
    await clock.advance(3_000);
    breaker.restore({ state: "open", cause: "slow", openForMs: 2_000, takenAt });
    expect(breaker.snapshot()).toMatchObject({ state: "open", openForMs: 0 });
    expect(refuses()).toBe(false);
    expect(breaker.state).toBe("halfOpen");
  });

  it("is open no longer for a snapshot of the future: the clocks of two processes differ", () => {
    const { breaker, clock } = testBreaker();
    breaker.restore({ state: "open", cause: "failure", openForMs: 2_000, takenAt: clock.epochNow() + 9_000 });
    expect(breaker.refusal().retryAfterMs).toBe(2_000);
  });

  it("forgets what it has counted for a snapshot that is closed, as reset() does", () => {
    const { breaker, clock, admitted } = testBreaker({ breaker: () => new ConsecutiveBreaker(2) });
    breaker.settle(admitted(), "failure", 1);
    breaker.restore({ state: "closed", takenAt: clock.epochNow() });
    breaker.settle(admitted(), "failure", 1);
    expect(breaker.state).toBe("closed");
  });

  it("has callers wait for a loading model as before", async () => {
    const { breaker, clock } = testBreaker();
    const takenAt = clock.epochNow();
    await clock.advance(200);
    breaker.restore({ state: "open", cause: "notReady", openForMs: 500, takenAt });
    expect([breaker.gate.isClosed, breaker.gate.msUntilProbe()]).toEqual([true, 300]);
    breaker.restore({ state: "closed", takenAt });
    expect([breaker.gate.isClosed, breaker.state]).toEqual([false, "closed"]);
  });

  it.each([
    [{ state: "closed" }, 8],
    [{ state: "isolated" }, 100],
    [{ state: "open", cause: "failure", openForMs: 500 }, 100],
  ] as const)(
    "lets who waits for a model go where it is %o now: of 100, at once %i",
    async (state, count) => {
      const { breaker, clock } = testBreaker();
      const takenAt = clock.epochNow();
      breaker.restore({ state: "open", cause: "notReady", openForMs: 500, takenAt });
      let left = 0;
      for (let i = 0; i < 100; i++)
        void breaker.gate.wait({ cancelled: undefined, running: undefined }, 60_000, 0).then(() => left++);
      breaker.restore({ ...state, takenAt });
      await clock.advance(0);
      expect([breaker.state, left]).toEqual([state.state, count]);
    },
  );

  it("does so while it is not older than a minute, unless told otherwise", async () => {
    for (const [maxAgeMs, oldestMs] of [
      [undefined, 60_000],
      [5_000, 5_000],
    ] as const) {
      const { breaker, clock } = testBreaker();
      const snapshot: BreakerSnapshot = { state: "isolated", takenAt: clock.epochNow() };
      await clock.advance(oldestMs + 1);
      expect([breaker.restore(snapshot, maxAgeMs), breaker.state]).toEqual([false, "closed"]);
      expect(breaker.restore({ ...snapshot, takenAt: snapshot.takenAt + 1 }, maxAgeMs)).toBe(true);
      expect(breaker.state).toBe("isolated");
    }
  });
});

describe("what is no snapshot", () => {
  const open = { state: "open", cause: "failure", openForMs: 1_000 };

  it.each([
    [null, "restore: snapshot must be what snapshot() gave, got null"],
    ["open", 'restore: snapshot must be what snapshot() gave, got "open"'],
    [{ takenAt: "today" }, 'restore: takenAt must be a time, got "today"'],
    [{ state: "ajar" }, 'restore: state must be one of "closed", "isolated", "open", got "ajar"'],
    [{ state: "halfOpen" }, 'restore: state must be one of "closed", "isolated", "open", got "halfOpen"'],
    [
      { ...open, cause: "isolated" },
      'restore: cause must be one of "failure", "slow", "notReady", got "isolated"',
    ],
    [{ ...open, openForMs: -1 }, "restore: openForMs must be a number of milliseconds above 0"],
    [{ ...open, openForMs: Number.NaN }, "restore: openForMs must be a number of milliseconds above 0"],
    [{ ...open, openForMs: 2 ** 31 }, "restore: openForMs must be a number of milliseconds above 0"],
  ])("is refused by name, and changes nothing: %o", (given, message) => {
    const { breaker, clock, transitions } = testBreaker();
    const snapshot = typeof given === "object" && given ? { takenAt: clock.epochNow(), ...given } : given;
    expect(() => breaker.restore(snapshot as never)).toThrow(message);
    expect(transitions).toEqual([]);
  });

  it("is an age of no length, too", () => {
    const { breaker } = testBreaker();
    expect(() => breaker.restore(breaker.snapshot(), 0)).toThrow(
      "restore: maxAgeMs must be a number of milliseconds above 0",
    );
  });
});
