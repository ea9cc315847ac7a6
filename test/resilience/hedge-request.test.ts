import { describe, expect, it } from "vitest";
import { Call } from "../../lib/call.ts";
import type { HttpRequest } from "../../lib/http.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { hedgeArgs, hedgeTargetOf, isHedgeable } from "../../lib/resilience/hedge-request.ts";
import { resolveHedge } from "../../lib/resilience/hedge-settings.ts";
import { resolveSendOptions } from "../../lib/send-options.ts";
import { type TargetInput, targetOf } from "../../lib/target.ts";
import type { CallArgs } from "../../lib/types.ts";
import { FakeClock } from "../support/fake-clock.ts";

/** A call on its way, with these headers. */
function argsOf(headers: Record<string, string>, isRepeatable = true, named: TargetInput = {}) {
  const target = targetOf({ EndpointName: "churn", ...named });
  const call = new Call(invokeEndpoint, target, isRepeatable, resolveSendOptions(undefined), new FakeClock());
  const request = { headers, body: new Uint8Array(0) } as unknown as HttpRequest;
  const attempt = call.startAttempt("first");
  return { input: { EndpointName: "churn" }, request, call, attempt } satisfies CallArgs;
}

describe("a call may be hedged", () => {
  it("if it may run twice, has a request, and belongs to no session", () => {
    expect(isHedgeable(argsOf({}))).toBe(true);
    expect(isHedgeable(argsOf({}, false))).toBe(false);
    expect(isHedgeable({ ...argsOf({}), request: undefined })).toBe(false);
    expect(isHedgeable(argsOf({ "x-amzn-sagemaker-session-id": "s" }))).toBe(false);
  });
});

describe("a hedge to another variant", () => {
  it("is to the same model in the same container", () => {
    const settings = resolveHedge({ variants: { churn: ["blue", "green"] } }, { random: () => 0 });
    const named = { EndpointName: "churn", TargetModel: "a.tar.gz", TargetContainerHostname: "box" };
    const first = argsOf({}, true, { ...named, TargetVariant: "blue" }).attempt;
    expect(hedgeTargetOf(first, settings)).toEqual(targetOf({ ...named, TargetVariant: "green" }));
  });

  it("has the variant in its header and its input, and its own number", () => {
    const args = argsOf({ "amz-sdk-request": "attempt=12; max=30", host: "h" });
    const hedge = args.call.startAttempt(
      "hedge",
      targetOf({ EndpointName: "churn", TargetVariant: "green" }),
    );
    const own = hedgeArgs(args, args.request, hedge);
    expect(own.request?.headers).toEqual({
      "amz-sdk-request": "attempt=2; max=30",
      "x-amzn-sagemaker-target-variant": "green",
      host: "h",
    });
    expect(own.input).toEqual({ EndpointName: "churn", TargetVariant: "green" });
    expect([own.attempt, own.call, own.request?.body]).toEqual([hedge, args.call, args.request.body]);
    expect(args.request.headers["amz-sdk-request"]).toBe("attempt=12; max=30");
  });
});

describe("a hedge to the same target", () => {
  it("has the same input, and no header that the first attempt has not", () => {
    const args = argsOf({ host: "h" });
    const own = hedgeArgs(args, args.request, args.call.startAttempt("hedge"));
    expect(own.request?.headers).toEqual({ host: "h" });
    expect(own.input).toBe(args.input);
  });
});
