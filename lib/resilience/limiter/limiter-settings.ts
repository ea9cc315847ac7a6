import type { Clock } from "../../clock.ts";
import type { Target } from "../../target.ts";
import {
  checkFunction,
  checkInteger,
  checkKeys,
  checkMs,
  checkObject,
  checkOneOf,
  invalidOption,
} from "../../validate.ts";
import { AdaptiveLimit, type LimitBounds, type LimitRule } from "./adaptive-limit.ts";
import { AimdRule } from "./aimd-rule.ts";
import { FixedLimit } from "./fixed-limit.ts";
import { GradientRule } from "./gradient-rule.ts";
import type { Limit } from "./limit.ts";
import type { ConcurrencyLimitOptions, LimitAlgorithm } from "./options.ts";
import { VegasRule } from "./vegas-rule.ts";

const DEFAULT_INITIAL = 256;
const DEFAULT_MAX = 1_024;
/** Below it an adaptive limit sees too little to find its way back up. */
export const LOWEST_MIN = 4;

const KNOWN = ["algorithm", "initial", "min", "max", "maxQueue", "queueTimeoutMs", "key", "maxTargets"];

const RULES: Readonly<Record<Exclude<LimitAlgorithm, "fixed">, new () => LimitRule>> = {
  gradient: GradientRule,
  aimd: AimdRule,
  vegas: VegasRule,
};

const ALGORITHMS: readonly LimitAlgorithm[] = ["gradient", "aimd", "vegas", "fixed"];

/** What a limiter decides with, checked and with every default filled in. */
export interface LimiterSettings {
  readonly clock: Clock;
  /** @param previous the limit that it follows: an adaptive one goes on from what that has learnt */
  readonly createLimit: (previous?: Limit) => Limit;
  readonly isAdaptive: boolean;
  readonly maxQueue: number;
  readonly queueTimeoutMs: number;
  readonly maxTargets: number;
  readonly key: (target: Target) => string;
}

/**
 * @param options a number is a fixed limit
 * @throws {RangeError} for an option out of range; {@link TypeError} for one that does not exist
 */
export function resolveLimiter(options: ConcurrencyLimitOptions | number, clock: Clock): LimiterSettings {
  if (typeof options === "number") {
    const initial = checkInteger("concurrencyLimit", options, 1);
    return resolveLimiter({ algorithm: "fixed", initial }, clock);
  }
  checkObject("concurrencyLimit", options);
  checkKeys("concurrencyLimit", options, KNOWN);
  checkFunction("concurrencyLimit.key", options.key);
  return {
    clock,
    createLimit: limitFactory(options, clock),
    isAdaptive: options.algorithm !== "fixed",
    maxQueue: checkInteger("concurrencyLimit.maxQueue", options.maxQueue ?? 10_000, 0),
    queueTimeoutMs: checkMs("concurrencyLimit.queueTimeoutMs", options.queueTimeoutMs ?? 10_000),
    maxTargets: checkInteger("concurrencyLimit.maxTargets", options.maxTargets ?? 1_024, 1),
    key: options.key ?? ((target) => target.key),
  };
}

function limitFactory(options: ConcurrencyLimitOptions, clock: Clock): LimiterSettings["createLimit"] {
  const algorithm = checkOneOf("concurrencyLimit.algorithm", options.algorithm ?? "gradient", ALGORITHMS);
  if (algorithm === "fixed") {
    const value = fixedValue(options);
    return () => new FixedLimit(value);
  }
  const bounds = boundsOf(options);
  const Rule = RULES[algorithm];
  return function createLimit(previous) {
    if (previous instanceof AdaptiveLimit && previous.rule instanceof Rule) {
      previous.retune(bounds);
      return previous;
    }
    // A fixed limit was given: nothing was learnt by it.
    const learnt = previous instanceof AdaptiveLimit ? previous.value : bounds.initial;
    const initial = Math.min(bounds.max, Math.max(bounds.min, learnt));
    return new AdaptiveLimit({ ...bounds, initial }, new Rule(), clock);
  };
}

function fixedValue({ initial = DEFAULT_INITIAL, min, max }: ConcurrencyLimitOptions): number {
  if (min !== undefined || max !== undefined) {
    throw new TypeError(
      'concurrencyLimit.min and .max cannot be combined with algorithm: "fixed"; initial is its limit',
    );
  }
  return checkInteger("concurrencyLimit.initial", initial, 1);
}

function boundsOf(options: ConcurrencyLimitOptions): LimitBounds {
  const { min = LOWEST_MIN } = options;
  checkInteger("concurrencyLimit.min", min, LOWEST_MIN);
  if (options.max !== undefined) checkInteger("concurrencyLimit.max", options.max, LOWEST_MIN);
  if (options.initial !== undefined) checkInteger("concurrencyLimit.initial", options.initial, min);
  const { initial = Math.max(min, Math.min(DEFAULT_INITIAL, options.max ?? DEFAULT_INITIAL)) } = options;
  const { max = Math.max(DEFAULT_MAX, initial) } = options;
  if (max < min) throw invalidOption("concurrencyLimit.max", `at least min (${min})`, max);
  if (max < initial) throw invalidOption("concurrencyLimit.initial", `at most max (${max})`, initial);
  return { initial, min, max };
}
