import { describe, expect, it } from "vitest";
import { Call } from "../../../lib/call.ts";
import { CircuitOpenError } from "../../../lib/errors/local-errors.ts";
import { invokeEndpoint } from "../../../lib/operations/invoke-endpoint.ts";
import { invokeEndpointAsync } from "../../../lib/operations/invoke-endpoint-async.ts";
import {
  type Alternative,
  inputFor,
  isOpenTo,
  isTriggered,
  type SentAlternative,
} from "../../../lib/resilience/fallback/alternative.ts";
import type { FallbackAlternative } from "../../../lib/resilience/fallback/options.ts";
import { resolveFallback } from "../../../lib/resilience/fallback/settings.ts";
import { resolveSendOptions } from "../../../lib/send-options.ts";
import { type TargetInput, targetOf } from "../../../lib/target.ts";
import { FakeClock } from "../../support/fake-clock.ts";

type Input = TargetInput & { SessionId?: string };

const client = { send: async () => ({ $metadata: {} }) };
const churn: Input = { EndpointName: "churn" };

function alternative(given: FallbackAlternative): Alternative {
  return resolveFallback({ alternatives: [given] }).alternativesOf("churn")![0]!;
}

/** A call that may have run already, or not; and whether it may run twice. */
function callTo(input: Input, { isAsync = false, isRepeatable = true, hasRun = false } = {}): Call {
  const operation = isAsync ? invokeEndpointAsync : invokeEndpoint;
  const call = new Call(
    operation,
    targetOf(input),
    isRepeatable,
    resolveSendOptions(undefined),
    new FakeClock(),
  );
  const attempt = call.startAttempt("first");
  attempt.sent = hasRun;
  attempt.end(new Error("lost"));
  return call;
}

const isOpen = (given: FallbackAlternative, input = churn, state = {}) =>
  isOpenTo(alternative(given), callTo(input, state), input);

const SENT: readonly FallbackAlternative[] = [
  { variant: "green" },
  { component: "b" },
  { endpoint: "small" },
  { client },
];

describe("an alternative that sends the call", () => {
  it.each(SENT)("is open to a call that may run twice, and to one that did not run: %o", (given) => {
    expect(isOpen(given, churn, { hasRun: true })).toBe(true);
    expect(isOpen(given, churn, { isRepeatable: false })).toBe(true);
  });

  it.each(SENT)("is closed to a call that may have run and must not run twice: %o", (given) => {
    expect(isOpen(given, churn, { isRepeatable: false, hasRun: true })).toBe(false);
  });

  it("is closed to a call of a session", () => {
    for (const given of SENT) expect(isOpen(given, { ...churn, SessionId: "s-1" })).toBe(false);
  });

  it("may open a session within the endpoint, and nowhere else", () => {
    const opens = SENT.map((given) => isOpen(given, { ...churn, SessionId: "NEW_SESSION" }));
    expect(opens).toEqual([true, true, false, false]);
  });

  it("takes an asynchronous call to another endpoint or client alone", () => {
    expect(SENT.map((given) => isOpen(given, churn, { isAsync: true }))).toEqual([false, false, true, true]);
  });

  it("is no other variant for a call to a component, which has none", () => {
    const input = { ...churn, InferenceComponentName: "a" };
    expect(SENT.map((given) => isOpen(given, input))).toEqual([false, true, true, true]);
  });

  it("is closed where it is what the call was sent to, but for another client", () => {
    expect(isOpen({ variant: "blue" }, { ...churn, TargetVariant: "blue" })).toBe(false);
    expect(isOpen({ component: "a" }, { ...churn, InferenceComponentName: "a" })).toBe(false);
    expect(isOpen({ endpoint: "churn" })).toBe(false);
    expect(isOpen({ endpoint: "churn", variant: "blue" })).toBe(true);
    expect(isOpen({ endpoint: "churn" }, { ...churn, TargetVariant: "blue" })).toBe(true);
    expect(isOpen({ client, endpoint: "churn" })).toBe(true);
  });
});

describe("an answer that no model gives", () => {
  it("is open to any call where it is a function", () => {
    const input = { ...churn, SessionId: "s-1" };
    expect(isOpen({ answer: () => ({}) }, input, { isRepeatable: false, hasRun: true })).toBe(true);
    expect(isOpen({ answer: () => ({}) }, churn, { isAsync: true })).toBe(true);
  });

  it("is, where it is a constant, for the operations that it has the members of", () => {
    const [value, place] = [{ answer: { Body: "0" } }, { answer: { OutputLocation: "s3://b/k" } }];
    expect([isOpen(value), isOpen(place)]).toEqual([true, false]);
    const isAsync = true;
    expect([isOpen(value, churn, { isAsync }), isOpen(place, churn, { isAsync })]).toEqual([false, true]);
  });
});

describe("the input of a call that is sent elsewhere", () => {
  const input = { ...churn, TargetVariant: "blue", TargetModel: "m", Body: "1" };
  const sent = (given: FallbackAlternative) => inputFor(alternative(given) as SentAlternative, input);

  it("names the place of the alternative instead of its own, and keeps the rest", () => {
    const rest = { TargetModel: "m", Body: "1" };
    expect(sent({ variant: "green" })).toEqual({
      ...rest,
      EndpointName: "churn",
      TargetVariant: "green",
      InferenceComponentName: undefined,
    });
    expect(sent({ endpoint: "small", component: "c" })).toEqual({
      ...rest,
      EndpointName: "small",
      TargetVariant: undefined,
      InferenceComponentName: "c",
    });
    expect(sent({ component: "c" })).toMatchObject({ EndpointName: "churn", InferenceComponentName: "c" });
  });

  it("is its own where another client is to make the call as it stands", () => {
    expect(sent({ client })).toBe(input);
    expect(sent({ client, endpoint: "small" })).toMatchObject({ EndpointName: "small" });
  });
});

it("an alternative is asked for the reasons that are its own, be they a list or a function", () => {
  const error = new CircuitOpenError(targetOf(churn), "failure", 5);
  const asked = (on: FallbackAlternative["on"]) =>
    isTriggered(alternative({ variant: "green", ...(on && { on }) }), error, "circuitOpen");
  expect(asked(undefined)).toBe(true);
  expect(asked(["circuitOpen"])).toBe(true);
  expect(asked(["timeout"])).toBe(false);
  expect(asked((given) => given === error)).toBe(true);
  expect(asked(() => false)).toBe(false);
});
