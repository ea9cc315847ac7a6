import { describe, expect, it } from "vitest";
import { Attempt } from "../../../lib/attempt.ts";
import { Call } from "../../../lib/call.ts";
import type { HttpRequest } from "../../../lib/http.ts";
import { invokeEndpoint } from "../../../lib/operations/invoke-endpoint.ts";
import { invokeEndpointAsync } from "../../../lib/operations/invoke-endpoint-async.ts";
import { isSplittable, routeTo } from "../../../lib/resilience/split/split-request.ts";
import { resolveSendOptions } from "../../../lib/send-options.ts";
import { type TargetInput, targetOf } from "../../../lib/target.ts";
import type { CallArgs } from "../../../lib/types.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { SplitHarness } from "../../support/splits.ts";

const VARIANT = "x-amzn-sagemaker-target-variant";

interface Given {
  readonly input?: TargetInput;
  readonly operation?: typeof invokeEndpoint | typeof invokeEndpointAsync;
  readonly headers?: Record<string, string>;
}

function argsOf({ input, operation = invokeEndpoint, headers = {} }: Given = {}): CallArgs & {
  request: HttpRequest;
} {
  const target = targetOf({ EndpointName: "churn", ...input });
  const call = new Call(operation, target, true, resolveSendOptions(undefined), new FakeClock());
  return { input: {}, request: { headers } as HttpRequest, call, attempt: undefined };
}

/** The same with an attempt that is aimed elsewhere than the call. */
function aimedAt(args: CallArgs, input: TargetInput): CallArgs {
  return {
    ...args,
    attempt: new Attempt(args.call, 1, "hedge", targetOf({ EndpointName: "churn", ...input })),
  };
}

describe("a call that may be split", () => {
  it("names no variant, or a part of the endpoint that each variant has", () => {
    expect(isSplittable(argsOf())).toBe(true);
    expect(isSplittable(argsOf({ input: { TargetModel: "m", TargetContainerHostname: "c" } }))).toBe(true);
    expect(isSplittable(aimedAt(argsOf(), {}))).toBe(true);
  });

  it("names no variant or component, and has no session, and is not asynchronous", () => {
    for (const given of [
      { input: { TargetVariant: "blue" } },
      { input: { InferenceComponentName: "a" } },
      { headers: { "x-amzn-sagemaker-session-id": "s-1" } },
      { operation: invokeEndpointAsync },
    ]) {
      expect(isSplittable(argsOf(given))).toBe(false);
    }
  });

  it("is none whose attempt is aimed at a variant or component already", () => {
    expect(isSplittable(aimedAt(argsOf(), { TargetVariant: "blue" }))).toBe(false);
    expect(isSplittable(aimedAt(argsOf(), { InferenceComponentName: "a" }))).toBe(false);
  });

  it("is none without a request", () => {
    expect(isSplittable({ ...argsOf(), request: undefined })).toBe(false);
  });
});

describe("an attempt that is aimed at a variant", () => {
  const blue = new SplitHarness({ blue: 1, green: 1 }).variant("blue");

  function routed(given: Given = {}) {
    const { request, call } = argsOf(given);
    const attempt = new Attempt(call, 1, "first", call.target);
    routeTo(blue, request, attempt);
    return { headers: request.headers, target: attempt.target };
  }

  it("names it in its request, in place of what the attempt before named", () => {
    expect(routed().headers).toEqual({ [VARIANT]: "blue" });
    expect(routed({ headers: { [VARIANT]: "green" } }).headers).toEqual({ [VARIANT]: "blue" });
  });

  it("has the target of the variant, of which there is one", () => {
    expect(routed().target).toBe(blue.target);
  });

  it("has a target of its own where the call names a part of it", () => {
    const input = { TargetModel: "m", TargetContainerHostname: "c" };
    expect(routed({ input }).target).toEqual(
      targetOf({ EndpointName: "churn", TargetVariant: "blue", ...input }),
    );
  });
});
