import type { OpenCause } from "../../errors/local-errors.ts";
import type { Seams } from "../../seams.ts";
import { isTargeted, type Target } from "../../target.ts";
import {
  checkFunction,
  checkInteger,
  checkKeys,
  checkMs,
  checkRatio,
  invalidOption,
  isOptions,
} from "../../validate.ts";
import { resolveWarmUpSchedule, warmUpDelayMs } from "../warm-up.ts";
import type { BreakerTransition } from "./breaker-state.ts";
import type { BreakerStore } from "./breaker-store.ts";
import type { CircuitBreakerOptions } from "./options.ts";
import { resolveTimeWindow, TimeWindowBreaker, type TripRule } from "./time-window-breaker.ts";

/** Share by which open times differ, so that a fleet that opened together does not probe together. */
const OPEN_JITTER = 0.1;

const KNOWN = [
  "breaker",
  "halfOpenAfterMs",
  "maxOpenMs",
  "halfOpenProbes",
  "recoveryRampMs",
  "slowCallMs",
  "slowCallRatio",
  "key",
  "maxTargets",
  "store",
  "storePollMs",
  "warmUp",
  "onStateChange",
];

/** What a {@link Breaker} decides with, checked and with every default filled in. */
export interface BreakerSettings extends Seams {
  /** Makes the rule that is told of failures. */
  readonly breaker: () => TripRule;
  /** Makes the rule that is told of slow attempts as if they were failures, where slowness counts. */
  readonly slowCalls: (() => TripRule) | undefined;
  readonly halfOpenProbes: number;
  /** How long probes may be silent before another one goes, in milliseconds. */
  readonly probePatienceMs: number;
  /** For how long the word of another process is believed, at the most, and not again for as long. */
  readonly earlyProbingMs: number;
  readonly recoveryRampMs: number;
  readonly slowCallMs: number;
  readonly maxTargets: number;
  readonly store: BreakerStore | undefined;
  readonly storePollMs: number;
  readonly key: (target: Target) => string;
  /** Whether a not-ready answer speaks for the whole target; otherwise the trip rule decides. */
  readonly isOneTarget: (target: Target) => boolean;
  /** How long to stay open, the `timesOpened`-th time in a row (from 0). */
  readonly openForMs: (cause: OpenCause, timesOpened: number) => number;
  readonly onStateChange: ((transition: BreakerTransition) => void) | undefined;
}

/** @throws {RangeError} for an option out of range */
export function resolveBreaker(options: CircuitBreakerOptions, seams: Seams): BreakerSettings {
  checkKeys("circuitBreaker", options, KNOWN);
  for (const name of ["key", "onStateChange"] as const) {
    checkFunction(`circuitBreaker.${name}`, options[name]);
  }
  const { halfOpenAfterMs = 1_000, maxOpenMs = 5_000, recoveryRampMs = 2_000 } = options;
  checkMs("circuitBreaker.halfOpenAfterMs", halfOpenAfterMs);
  checkMs("circuitBreaker.maxOpenMs", maxOpenMs);
  if (maxOpenMs < halfOpenAfterMs) {
    throw invalidOption(
      "circuitBreaker.maxOpenMs",
      `at least halfOpenAfterMs (${halfOpenAfterMs})`,
      maxOpenMs,
    );
  }
  if (recoveryRampMs !== 0) checkMs("circuitBreaker.recoveryRampMs", recoveryRampMs);
  const warmUp = resolveWarmUpSchedule("circuitBreaker.warmUp", options.warmUp ?? {});
  const jitter = (ms: number) => ms * (1 + OPEN_JITTER * (2 * seams.random() - 1));
  return {
    ...seams,
    ...resolveTripRules(options, seams),
    halfOpenProbes: checkInteger("circuitBreaker.halfOpenProbes", options.halfOpenProbes ?? 3, 1),
    probePatienceMs: maxOpenMs,
    earlyProbingMs: halfOpenAfterMs,
    recoveryRampMs,
    maxTargets: checkInteger("circuitBreaker.maxTargets", options.maxTargets ?? 1_024, 1),
    store: checkStore(options.store),
    storePollMs: checkMs("circuitBreaker.storePollMs", options.storePollMs ?? 1_000),
    key: options.key ?? ((target) => target.key),
    isOneTarget: options.key === undefined ? isTargeted : () => false,
    openForMs: (cause, timesOpened) =>
      cause === "notReady"
        ? warmUpDelayMs(warmUp, timesOpened, seams.random)
        : jitter(Math.min(halfOpenAfterMs * 2 ** timesOpened, maxOpenMs)),
    onStateChange: options.onStateChange,
  };
}

function checkStore(store: BreakerStore | undefined): BreakerStore | undefined {
  if (store === undefined) return undefined;
  if (typeof store?.publish === "function" && typeof store.read === "function") return store;
  throw invalidOption("circuitBreaker.store", "an object with the functions publish and read", store);
}

/** A user's rule that is none, or cannot be made, is to fail before the first call does. */
function checkRule(made: TripRule): void {
  if (typeof made?.success === "function" && typeof made.failure === "function") return;
  throw invalidOption(
    "circuitBreaker.breaker",
    "a function that makes a rule, such as a ConsecutiveBreaker",
    made,
  );
}

/** The rules that say when to open: one that counts failures and, where it is asked for, one for slow attempts. */
function resolveTripRules(
  { breaker = {}, slowCallMs, slowCallRatio }: CircuitBreakerOptions,
  { clock }: Seams,
): Pick<BreakerSettings, "breaker" | "slowCalls" | "slowCallMs"> {
  if (typeof breaker !== "function" && (!isOptions(breaker) || "failure" in breaker))
    throw invalidOption(
      "circuitBreaker.breaker",
      "a function that makes a rule, or an object of numbers",
      breaker,
    );
  const numbers = resolveTimeWindow("circuitBreaker.breaker", typeof breaker === "function" ? {} : breaker);
  const rule = typeof breaker === "function" ? breaker : () => new TimeWindowBreaker({ ...numbers, clock });
  if (typeof breaker === "function") checkRule(breaker());
  if (slowCallMs === undefined) {
    if (slowCallRatio !== undefined)
      throw invalidOption("circuitBreaker.slowCallRatio", "left out without slowCallMs", slowCallRatio);
    return { breaker: rule, slowCalls: undefined, slowCallMs: Number.POSITIVE_INFINITY };
  }
  const failureRatio = checkRatio("circuitBreaker.slowCallRatio", slowCallRatio ?? 0.5);
  return {
    breaker: rule,
    slowCalls: () => new TimeWindowBreaker({ ...numbers, failureRatio, clock }),
    slowCallMs: checkMs("circuitBreaker.slowCallMs", slowCallMs),
  };
}
