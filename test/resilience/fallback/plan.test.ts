import { describe, expect, it } from "vitest";
import { Call } from "../../../lib/call.ts";
import { invokeEndpoint } from "../../../lib/operations/invoke-endpoint.ts";
import type { FallbackOptions } from "../../../lib/resilience/fallback/options.ts";
import { FallbackPlan } from "../../../lib/resilience/fallback/plan.ts";
import { resolveFallback } from "../../../lib/resilience/fallback/settings.ts";
import { resolveSendOptions } from "../../../lib/send-options.ts";
import { targetOf } from "../../../lib/target.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const input = { EndpointName: "churn", TargetVariant: "blue", Body: "1" };
const call = new Call(invokeEndpoint, targetOf(input), true, resolveSendOptions(undefined), new FakeClock());

function planOf(alternatives: FallbackOptions["alternatives"], waitForModelMs?: number): FallbackPlan {
  const settings = resolveFallback({ alternatives, ...(waitForModelMs !== undefined && { waitForModelMs }) });
  return new FallbackPlan(settings.alternativesOf("churn")!, settings.waitForModelMs);
}

const waitBefore = (...of: Parameters<typeof planOf>) => planOf(...of).waitBeforeFirstMs(call, input);

describe("how long a call waits for its model before its alternatives", () => {
  it("is not at all where a loading model is a reason to ask one", () => {
    expect(waitBefore([{ variant: "green" }])).toBe(0);
    expect(waitBefore([{ variant: "green", on: ["timeout", "notReady"] }])).toBe(0);
  });

  it("is as long as it is told to", () => {
    expect(waitBefore([{ variant: "green" }], 4_000)).toBe(4_000);
    expect(waitBefore([{ variant: "green" }], 0)).toBe(0);
  });

  it("has no bound where a loading model is a reason for none", () => {
    expect(waitBefore([{ variant: "green", on: ["timeout"] }])).toBeUndefined();
    expect(waitBefore([{ variant: "green", on: ["timeout"] }], 4_000)).toBeUndefined();
  });

  it("has the bound that is given where a function says what a reason is, which is not known beforehand", () => {
    expect(waitBefore([{ variant: "green", on: () => true }])).toBeUndefined();
    expect(waitBefore([{ variant: "green", on: () => true }], 4_000)).toBe(4_000);
  });

  it("is decided by the first alternative that is asked for a loading model and is open to the call", () => {
    expect(waitBefore([{ variant: "green", on: ["timeout"] }, { answer: { Body: "0" } }])).toBe(0);
    expect(
      waitBefore([{ variant: "blue" }, { answer: { OutputLocation: "s3://b/k" } }], 4_000),
    ).toBeUndefined();
  });
});

describe("how long an alternative is waited for while its model loads", () => {
  it("is not at all where another one is behind it, unless that is asked for", () => {
    expect(planOf([{ variant: "green" }]).waitBeforeNextMs(true)).toBe(0);
    expect(planOf([{ variant: "green" }], 4_000).waitBeforeNextMs(true)).toBe(4_000);
  });

  it("has no bound for the last one", () => {
    expect(planOf([{ variant: "green" }], 4_000).waitBeforeNextMs(false)).toBeUndefined();
  });
});

it("has the kinds of its alternatives in their order", () => {
  const list = [
    { variant: "green" },
    { endpoint: "small" },
    { answer: { Body: "0" } },
    { answer: () => ({}) },
  ];
  expect(planOf(list).kinds).toEqual(["variant", "endpoint", "constant", "function"]);
});
