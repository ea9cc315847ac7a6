import { describe, expect, it } from "vitest";
import { AdaptiveLimit, type LimitRule } from "../../../lib/resilience/limiter/adaptive-limit.ts";
import { AimdRule } from "../../../lib/resilience/limiter/aimd-rule.ts";
import { GradientRule } from "../../../lib/resilience/limiter/gradient-rule.ts";
import type { LoadSign } from "../../../lib/resilience/limiter/limit.ts";
import { VegasRule } from "../../../lib/resilience/limiter/vegas-rule.ts";
import { type Action, type Explored, explore, type StepInvariant } from "../../support/explore.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const BOUNDS = { initial: 16, min: 4, max: 64 };
const WINDOW_MS = 500;
const SAMPLES = 10;
const STEPS = 4;

const FLOOR = "stays within its bounds";
const IDLE = "does not grow where half of it is not used";
const ONE = "is not moved by one sample, nor by two";
const LATE = "is not moved by what started before a cut";
const HALF = "loses no more than half of what was used by one overload";

/** A real limit, and the way that led to it: what it has learnt cannot be seen, so no two ways are taken for one. */
class DrivenLimit {
  readonly clock = new FakeClock();
  readonly limit: AdaptiveLimit;
  readonly path: string[] = [];
  lowestAt = 0;
  /** Samples of the window that is not complete yet. */
  open = 0;
  /** Whether more than half of the limit was used in the window of the last sample. */
  isUsed = false;

  constructor(rule: LimitRule) {
    this.limit = new AdaptiveLimit(BOUNDS, rule, this.clock);
  }

  sample(sign: LoadSign, latencyMs: number, inFlight: number, startedAt = this.clock.now()): void {
    const before = this.limit.value;
    this.limit.sample(sign, startedAt, latencyMs, inFlight, this.clock.now());
    if (this.limit.value < before) this.lowestAt = this.clock.now();
  }
}

interface Step extends Action<DrivenLimit> {
  readonly isUsed: boolean;
  readonly samples: number;
  readonly overloaded: number;
  readonly isLate: boolean;
}

/** What a window takes to be complete, or fewer samples, after the time that it takes. */
function step(name: string, facts: Partial<Step> & { latencyMs?: number }): Step {
  const { samples = SAMPLES, overloaded = 0, isUsed = true, isLate = false, latencyMs = 100 } = facts;
  const run = (driven: DrivenLimit): void => {
    driven.path.push(name);
    driven.clock.skip(WINDOW_MS);
    const inFlight = isUsed ? driven.limit.value : 1;
    const startedAt = isLate ? driven.lowestAt - 1 : driven.clock.now();
    const count = samples < SAMPLES || isLate ? samples : SAMPLES - driven.open;
    if (!isLate) driven.isUsed = isUsed || (driven.open > 0 && driven.isUsed);
    if (!isLate) driven.open = (driven.open + count) % SAMPLES;
    for (let i = 0; i < count; i++) {
      driven.sample(i < overloaded ? "overloaded" : "answered", latencyMs, inFlight, startedAt);
    }
  };
  return {
    name,
    isPossible: ({ lowestAt }) => !isLate || lowestAt > 0,
    run,
    isUsed,
    samples,
    overloaded,
    isLate,
  };
}

const STEPS_OF_LIFE: readonly Step[] = [
  step("answers", {}),
  step("answers of a quiet client", { isUsed: false }),
  step("slow answers", { latencyMs: 400 }),
  step("slow answers of a quiet client", { latencyMs: 400, isUsed: false }),
  step("two of ten are overload", { overloaded: 2 }),
  step("three of ten are overload", { overloaded: 3 }),
  step("all are overload", { overloaded: SAMPLES }),
  step("all are overload of a quiet client", { overloaded: SAMPLES, isUsed: false }),
  step("one overload", { samples: 1, overloaded: 1 }),
  step("two slow answers", { samples: 2, latencyMs: 10_000 }),
  step("overloads of before the cut", { overloaded: SAMPLES, isLate: true }),
];

/** Compares the limit before and after the steps of one kind. */
function moves(
  isMeant: (one: Step) => boolean,
  check: (before: number, after: number) => void,
): StepInvariant<DrivenLimit> {
  return ({ limit }, action) => {
    const before = limit.value;
    return () => {
      if (isMeant(action as Step)) check(before, limit.value);
    };
  };
}

const same = (before: number, after: number): void => expect(after).toBe(before);

function exploreWith(createRule: () => LimitRule): Promise<Explored> {
  return explore({
    start: () => new DrivenLimit(createRule()),
    actions: STEPS_OF_LIFE,
    key: ({ path }) => path.join(),
    future: () => "",
    always: {
      [FLOOR]: moves(
        () => true,
        (_, after) => {
          expect(after).toBeGreaterThanOrEqual(BOUNDS.min);
          expect(after).toBeLessThanOrEqual(BOUNDS.max);
        },
      ),
      [IDLE]: (driven) => {
        const before = driven.limit.value;
        return () => {
          if (!driven.isUsed) expect(driven.limit.value).toBeLessThanOrEqual(before);
        };
      },
      [ONE]: moves(({ samples }) => samples < SAMPLES, same),
      [LATE]: moves(({ isLate }) => isLate, same),
      [HALF]: moves(
        ({ overloaded, isUsed }) => overloaded > 2 && isUsed,
        (before, after) => expect(after).toBeGreaterThanOrEqual(Math.floor(before / 2)),
      ),
    },
    maxDepth: STEPS,
  });
}

describe.each([
  ["gradient", () => new GradientRule()],
  ["aimd", () => new AimdRule()],
  ["vegas", () => new VegasRule()],
] as const)("a limit by %s, after every four things that may happen to it", (_, createRule) => {
  let explored: Promise<Explored> | undefined;
  const exploring = () => {
    explored ??= exploreWith(createRule);
    return explored;
  };

  it.each([FLOOR, IDLE, ONE, LATE, HALF])("%s", { timeout: 60_000 }, async (invariant) => {
    expect((await exploring()).counterexamples.get(invariant)).toBeUndefined();
  });

  it("has been seen that often", async () => {
    expect((await exploring()).states).toBeGreaterThan(STEPS_OF_LIFE.length ** (STEPS - 1));
  });
});
