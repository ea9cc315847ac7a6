import { describe, expect, it } from "vitest";
import type { ChaosOptions, ChaosRule } from "../../../lib/resilience/chaos/options.ts";
import { isFor, resolveChaos } from "../../../lib/resilience/chaos/settings.ts";
import { targetOf } from "../../../lib/target.ts";

const resolve = (options: unknown, nodeEnv?: string) => resolveChaos(options as ChaosOptions, nodeEnv);
const one = (rule: unknown) => resolve({ rules: [rule] });

const RULES: readonly ChaosRule[] = [
  { inject: "fault", rate: 0 },
  { inject: "fault", rate: 1, fault: "connect" },
  { inject: "fault", rate: 0.5, fault: "reset", target: { endpoint: "churn", variant: "blue" } },
  { inject: "latency", rate: 1, latencyMs: 5 },
  { inject: "latency", rate: 1, latencyMs: [5, 5] },
  {
    inject: "outcome",
    rate: 1,
    outcome: "ModelError",
    target: { component: "llm", model: "a", container: "c" },
  },
];

describe("the rules of the chaos layer", () => {
  it("are as they are given, and a copy: what becomes of the options changes no rule", () => {
    const rules = structuredClone(RULES) as ChaosRule[];
    const resolved = resolve({ rules });
    expect(resolved).toEqual(RULES);
    rules[0]!.rate = 1;
    rules.pop();
    expect(resolved).toEqual(RULES);
  });

  it.each<[unknown, string]>([
    [5, "chaos.rules[0] must be an object of options, got 5"],
    [{ rate: 1 }, 'chaos.rules[0].inject must be one of "fault", "latency", "outcome", got undefined'],
    [
      { inject: "fault", rate: 1, latencyMs: 5 },
      "chaos.rules[0].latencyMs is not an option; known here: inject, rate, target, fault",
    ],
    [
      { inject: "latency", rate: 1, latencyMs: 5, fault: "reset" },
      "chaos.rules[0].fault is not an option; known here: inject, rate, target, latencyMs",
    ],
    [
      { inject: "outcome", rate: 1, outcome: "ModelError", fault: "reset" },
      "chaos.rules[0].fault is not an option; known here: inject, rate, target, outcome",
    ],
    [{ inject: "fault" }, "chaos.rules[0].rate must be a number from 0 to 1, got undefined"],
    [
      { inject: "fault", rate: 1, fault: "fire" },
      'chaos.rules[0].fault must be one of "connect", "reset", got "fire"',
    ],
    [
      { inject: "outcome", rate: 1, outcome: "Teapot" },
      'chaos.rules[0].outcome must be one of "ServiceUnavailable", "ThrottlingException", ' +
        '"ModelNotReadyException", "ModelError", "InternalFailure", got "Teapot"',
    ],
    [
      { inject: "outcome", rate: 1 },
      'chaos.rules[0].outcome must be one of "ServiceUnavailable", "ThrottlingException", ' +
        '"ModelNotReadyException", "ModelError", "InternalFailure", got undefined',
    ],
    [
      { inject: "latency", rate: 1, latencyMs: [5, 4] },
      "chaos.rules[0].latencyMs must be a number of milliseconds, or a pair of them in their order, got an array of 2",
    ],
    [
      { inject: "latency", rate: 1, latencyMs: [1, 2, 3] },
      "chaos.rules[0].latencyMs must be a number of milliseconds, or a pair of them in their order, got an array of 3",
    ],
    [
      { inject: "latency", rate: 1, latencyMs: [0, 2] },
      "chaos.rules[0].latencyMs[0] must be a number of milliseconds above 0",
    ],
    [
      { inject: "latency", rate: 1, latencyMs: [1, Number.POSITIVE_INFINITY] },
      "chaos.rules[0].latencyMs[1] must be a number of milliseconds above 0",
    ],
    [{ inject: "latency", rate: 1 }, "chaos.rules[0].latencyMs must be a number of milliseconds above 0"],
    [
      { inject: "fault", rate: 1, target: "churn" },
      'chaos.rules[0].target must be an object of options, got "churn"',
    ],
    [
      { inject: "fault", rate: 1, target: { name: "x" } },
      "chaos.rules[0].target.name is not an option; known here: endpoint, variant, component, model, container",
    ],
    [
      { inject: "fault", rate: 1, target: { variant: "" } },
      'chaos.rules[0].target.variant must be a name, got ""',
    ],
    [{ inject: "fault", rate: 1, target: { model: 5 } }, "chaos.rules[0].target.model must be a name, got 5"],
  ])("are refused in one sentence: %o", (rule, message) => {
    expect(() => one(rule)).toThrow(message);
  });

  it("are refused where any of them is wrong, by its place", () => {
    expect(() => resolve({ rules: [...RULES, { inject: "fault", rate: 2 }] })).toThrow(
      "chaos.rules[6].rate must be a number from 0 to 1, got 2",
    );
    expect(() => resolve({ rules: "all" })).toThrow('chaos.rules must be an array of rules, got "all"');
    expect(() => resolve({ rules: [], rate: 1 })).toThrow(
      "chaos.rate is not an option; known here: rules, allowInProduction",
    );
    expect(() => resolve({ rules: [], allowInProduction: "yes" })).toThrow(
      'chaos.allowInProduction must be true or false, got "yes"',
    );
  });

  it("are refused under NODE_ENV=production alone, unless that is allowed", () => {
    const message = "chaos.allowInProduction must be true where NODE_ENV is production, got false";
    expect(() => resolve({ rules: RULES }, "production")).toThrow(new RangeError(message));
    expect(() => resolve({ rules: RULES, allowInProduction: false }, "production")).toThrow(message);
    expect(resolve({ rules: RULES, allowInProduction: true }, "production")).toEqual(RULES);
    expect(resolve({ rules: RULES }, "staging")).toEqual(RULES);
    expect(resolve({ rules: RULES }, undefined)).toEqual(RULES);
  });
});

describe("a rule", () => {
  const attempted = targetOf({
    EndpointName: "churn",
    TargetVariant: "blue",
    TargetModel: "a.tar.gz",
    TargetContainerHostname: "c1",
  });
  const isForIt = (target: object | undefined) =>
    isFor({ inject: "fault", rate: 1, ...(target && { target }) }, attempted);

  it("without a target is for every attempt", () => {
    expect([isForIt(undefined), isForIt({})]).toEqual([true, true]);
  });

  it("is for the attempts that are aimed at all that it names", () => {
    expect(isForIt({ endpoint: "churn" })).toBe(true);
    expect(isForIt({ endpoint: "churn", variant: "blue", model: "a.tar.gz", container: "c1" })).toBe(true);
    for (const other of [
      { endpoint: "other" },
      { variant: "green" },
      { component: "llm" },
      { model: "b.tar.gz" },
      { container: "c2" },
      { endpoint: "churn", variant: "green" },
    ]) {
      expect(isForIt(other)).toBe(false);
    }
  });
});
