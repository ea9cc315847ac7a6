import type { IBreaker } from "cockatiel";
import type { OpenCause } from "../../errors/local-errors.ts";
import type { Seams } from "../../seams.ts";
import { isTargeted, type Target } from "../../target.ts";
import { checkFunction, checkInteger, checkKeys, checkMs, invalidOption } from "../../validate.ts";
import { resolveWarmUpSchedule, warmUpDelayMs } from "../warm-up.ts";
import type { BreakerTransition } from "./breaker-state.ts";
import type { CircuitBreakerOptions } from "./options.ts";
import { TimeWindowBreaker } from "./time-window-breaker.ts";

/** Share by which open times differ, so that a fleet that opened together does not probe together. */
const OPEN_JITTER = 0.1;

const KNOWN = [
  "breaker",
  "halfOpenAfterMs",
  "maxOpenMs",
  "halfOpenProbes",
  "recoveryRampMs",
  "slowCallMs",
  "key",
  "maxTargets",
  "warmUp",
  "onStateChange",
];

/** What a {@link Breaker} decides with, checked and with every default filled in. */
export interface BreakerSettings extends Seams {
  readonly breaker: () => IBreaker;
  readonly halfOpenProbes: number;
  readonly recoveryRampMs: number;
  readonly slowCallMs: number;
  readonly maxTargets: number;
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
  for (const name of ["breaker", "key", "onStateChange"] as const) {
    checkFunction(`circuitBreaker.${name}`, options[name]);
  }
  const { halfOpenAfterMs = 5_000, maxOpenMs = 30_000, recoveryRampMs = 2_000 } = options;
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
  if (options.slowCallMs !== undefined) checkMs("circuitBreaker.slowCallMs", options.slowCallMs);
  const warmUp = resolveWarmUpSchedule("circuitBreaker.warmUp", options.warmUp ?? {});
  const jitter = (ms: number) => ms * (1 + OPEN_JITTER * (2 * seams.random() - 1));
  return {
    ...seams,
    breaker: options.breaker ?? (() => new TimeWindowBreaker({ clock: seams.clock })),
    halfOpenProbes: checkInteger("circuitBreaker.halfOpenProbes", options.halfOpenProbes ?? 3, 1),
    recoveryRampMs,
    slowCallMs: options.slowCallMs ?? Number.POSITIVE_INFINITY,
    maxTargets: checkInteger("circuitBreaker.maxTargets", options.maxTargets ?? 1_024, 1),
    key: options.key ?? ((target) => target.key),
    isOneTarget: options.key === undefined ? isTargeted : () => false,
    openForMs: (cause, timesOpened) =>
      cause === "notReady"
        ? warmUpDelayMs(warmUp, timesOpened, seams.random)
        : jitter(Math.min(halfOpenAfterMs * 2 ** timesOpened, maxOpenMs)),
    onStateChange: options.onStateChange,
  };
}
