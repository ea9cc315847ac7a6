import type { Target } from "../../target.ts";
import {
  checkBoolean,
  checkKeys,
  checkMs,
  checkObject,
  checkOneOf,
  checkRatio,
  invalidOption,
} from "../../validate.ts";
import { CHAOS_ANSWERS } from "./answers.ts";
import type { ChaosLatency, ChaosOptions, ChaosRule, ChaosTarget } from "./options.ts";

const TARGET_KEYS = ["endpoint", "variant", "component", "model", "container"] as const satisfies readonly (
  | keyof ChaosTarget
  | keyof Target
)[];

const RULE_KEYS: Readonly<Record<ChaosRule["inject"], readonly string[]>> = {
  fault: ["inject", "rate", "target", "fault"],
  latency: ["inject", "rate", "target", "latencyMs"],
  outcome: ["inject", "rate", "target", "outcome"],
};

/**
 * The rules, checked.
 *
 * @throws {RangeError} for a value out of range, and under `NODE_ENV=production` unless that is allowed
 * @throws {TypeError} for an option that does not exist
 */
export function resolveChaos(options: ChaosOptions, nodeEnv: string | undefined): readonly ChaosRule[] {
  checkKeys("chaos", options, ["rules", "allowInProduction"]);
  const { rules, allowInProduction = false } = options;
  checkBoolean("chaos.allowInProduction", allowInProduction);
  if (nodeEnv === "production" && !allowInProduction) {
    throw new RangeError("chaos.allowInProduction must be true where NODE_ENV is production, got false");
  }
  if (!Array.isArray(rules)) throw invalidOption("chaos.rules", "an array of rules", rules);
  for (const [index, rule] of rules.entries()) checkRule(`chaos.rules[${index}]`, rule);
  return rules.map((rule) => structuredClone(rule));
}

/** Whether a rule is for attempts at this target. */
export function isFor({ target }: ChaosRule, attempted: Target): boolean {
  return (
    target === undefined || TARGET_KEYS.every((key) => (target[key] ?? attempted[key]) === attempted[key])
  );
}

function checkRule(option: string, rule: ChaosRule): void {
  checkObject(option, rule);
  checkOneOf(`${option}.inject`, rule.inject, ["fault", "latency", "outcome"]);
  checkKeys(option, rule, RULE_KEYS[rule.inject]);
  checkRatio(`${option}.rate`, rule.rate, true);
  if (rule.target !== undefined) checkTarget(`${option}.target`, rule.target);
  if (rule.inject === "latency") checkLatency(`${option}.latencyMs`, rule.latencyMs);
  if (rule.inject === "outcome") checkOneOf(`${option}.outcome`, rule.outcome, Object.keys(CHAOS_ANSWERS));
  if (rule.inject === "fault" && rule.fault !== undefined) {
    checkOneOf(`${option}.fault`, rule.fault, ["connect", "reset"]);
  }
}

function checkTarget(option: string, target: ChaosTarget): void {
  checkObject(option, target);
  checkKeys(option, target, TARGET_KEYS);
  for (const [key, value] of Object.entries(target)) {
    if (typeof value !== "string" || value === "") throw invalidOption(`${option}.${key}`, "a name", value);
  }
}

function checkLatency(option: string, latencyMs: ChaosLatency["latencyMs"]): void {
  if (!Array.isArray(latencyMs)) {
    checkMs(option, latencyMs as number);
    return;
  }
  const [least, most] = latencyMs as readonly [number, number];
  if (latencyMs.length !== 2 || !(least <= most)) {
    throw invalidOption(option, "a number of milliseconds, or a pair of them in their order", latencyMs);
  }
  checkMs(`${option}[0]`, least);
  checkMs(`${option}[1]`, most);
}
