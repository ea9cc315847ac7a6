import { describe, expect, it } from "vitest";
import { Call } from "../../../lib/call.ts";
import { ServiceUnavailable, ValidationError } from "../../../lib/errors/service-errors.ts";
import type { HttpRequest } from "../../../lib/http.ts";
import { invokeEndpoint } from "../../../lib/operations/invoke-endpoint.ts";
import { resultWith } from "../../../lib/protocol/local-answer.ts";
import { LostCall } from "../../../lib/resilience/fallback/lost-call.ts";
import type { FallbackAlternative } from "../../../lib/resilience/fallback/options.ts";
import { FallbackPlan } from "../../../lib/resilience/fallback/plan.ts";
import { resolveFallback } from "../../../lib/resilience/fallback/settings.ts";
import { resolveSendOptions } from "../../../lib/send-options.ts";
import { targetOf } from "../../../lib/target.ts";
import type { CallArgs, CallResult } from "../../../lib/types.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const input = { EndpointName: "churn", Body: "1,2" };

/** A call that was lost at one attempt, on its way through a list; the layers below end as they are told to. */
class Lost {
  readonly clock = new FakeClock();
  readonly error = new ServiceUnavailable({ $metadata: {} });
  readonly call = new Call(invokeEndpoint, targetOf(input), true, resolveSendOptions(undefined), this.clock);
  /** What the layers below were run with. */
  readonly sent: CallArgs[] = [];
  request: HttpRequest | undefined;
  /** What they come back with where they do not fail. */
  result: CallResult = resultWith({ $metadata: { requestId: "r-1" } });

  constructor() {
    this.call.startAttempt("first").end(this.error);
  }

  run(alternatives: readonly FallbackAlternative[], ends: readonly unknown[] = []): Promise<CallResult> {
    const { alternativesOf, waitForModelMs } = resolveFallback({ alternatives });
    const plan = new FallbackPlan(alternativesOf("churn")!, waitForModelMs);
    const next = async (args: CallArgs) => {
      const end = ends[this.sent.push(args) - 1];
      args.call.startAttempt("first").end(end);
      if (end !== undefined) throw end;
      return this.result;
    };
    const args = { input, request: this.request, call: this.call, attempt: undefined };
    return new LostCall(next, args, input, this.error).fallBack(plan);
  }
}

describe("a lost call on its way through its alternatives", () => {
  it("is sent as a call of its own to each, which is adopted", async () => {
    const lost = new Lost();
    const failure = new ValidationError({ $metadata: {} });
    const { output } = await lost.run([{ variant: "green" }, { endpoint: "small" }], [failure]);
    expect(lost.sent.map(({ call }) => call.target)).toEqual([
      targetOf({ EndpointName: "churn", TargetVariant: "green" }),
      targetOf({ EndpointName: "small" }),
    ]);
    expect(lost.sent.map(({ call, request }) => [call.fallback?.isAlternative, request])).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
    expect(lost.call.attempts.map(({ number, kind }) => [number, kind])).toEqual([
      [1, "first"],
      [2, "fallback"],
      [3, "fallback"],
    ]);
    expect(lost.call.decidedBy).toBe(lost.call.attempts[2]);
    expect(output?.$metadata).toEqual({
      requestId: "r-1",
      fallback: { index: 1, kind: "endpoint", name: "small", reason: "serverError" },
    });
  });

  it("does not wait for a loading model where another alternative follows, and waits at the last", async () => {
    const lost = new Lost();
    await lost.run([{ variant: "green" }, { variant: "grey" }], [new Error("own")]);
    expect(lost.sent.map(({ call }) => call.fallback?.waitForModelMs)).toEqual([0, undefined]);
  });

  it.each<[string, FallbackAlternative]>([
    ["is where the call was lost", { endpoint: "churn" }],
    ["has no answer to such a call", { answer: { OutputLocation: "s3://bucket/key" } }],
  ])("waits for a loading model where the alternative that follows %s", async (_, unfit) => {
    const lost = new Lost();
    await lost.run([{ variant: "green" }, unfit]);
    expect(lost.sent.map(({ call }) => call.fallback?.waitForModelMs)).toEqual([undefined]);
  });

  it("ends with the call, and asks nobody after it", async () => {
    const lost = new Lost();
    const never = new Promise<never>(() => {});
    const settled = lost.run([{ answer: () => never }, { variant: "green" }]);
    lost.call.cancel("abort");
    await expect(settled).rejects.toMatchObject({ name: "AbortError", cause: lost.error });
    expect(lost.sent).toEqual([]);
  });

  it("asks nobody once its time is up", async () => {
    const lost = new Lost();
    lost.call.deadlineAt = 0;
    await expect(lost.run([{ variant: "green" }, { answer: { Body: "0" } }])).rejects.toBe(lost.error);
    expect(lost.sent).toEqual([]);
    expect(lost.error).not.toHaveProperty("fallbackErrors");
  });

  it("passes over alternatives that it is no reason for, or that are not open to it", async () => {
    const lost = new Lost();
    const list = [
      { variant: "grey", on: ["timeout"] as const },
      { endpoint: "churn" },
      { answer: { Body: "0" } },
    ];
    expect((await lost.run(list)).output?.$metadata.fallback).toMatchObject({ index: 2, kind: "constant" });
    expect(lost.sent).toEqual([]);
  });
});

it("an answer that the layers below made no output of is passed on as it is", async () => {
  const lost = new Lost();
  lost.result = { response: lost.result.response, output: undefined };
  expect(await lost.run([{ variant: "green" }])).toEqual(lost.result);
});

describe("the attempt that a call was lost by", () => {
  it("is over before an alternative is asked, though it was still open", async () => {
    const lost = new Lost();
    const open = lost.call.startAttempt("retry");
    const seen: unknown[] = [];
    await lost.run([
      {
        answer: () => {
          seen.push(open.error);
          return { Body: "0" };
        },
      },
    ]);
    expect(seen).toEqual([lost.error]);
  });

  it("may be none", async () => {
    const lost = new Lost();
    lost.call.decidedBy = undefined;
    expect((await lost.run([{ answer: { Body: "0" } }])).output).toBeDefined();
  });
});

describe("a lost call that nobody answers", () => {
  it("is lost for what it was, by the attempt that it was, with what the alternatives failed with", async () => {
    const lost = new Lost();
    const own = new Error("own");
    const thrown = () => {
      throw "text";
    };
    const list = [{ variant: "green" }, { answer: thrown as never }];
    await expect(lost.run(list, [own])).rejects.toBe(lost.error);
    expect(lost.error.fallbackErrors).toEqual([own, new Error("no answer", { cause: "text" })]);
    expect(lost.error.fallbackErrors?.[1]?.cause).toBe("text");
    expect(Object.keys(lost.error)).not.toContain("fallbackErrors");
    expect(lost.call.decidedBy).toBe(lost.call.attempts[0]);
  });

  it("may share its error with another call: it then says what the last of them tried", async () => {
    const lost = new Lost();
    await expect(lost.run([{ variant: "green" }], [new Error("one")])).rejects.toBe(lost.error);
    await expect(lost.run([{ variant: "green" }], [undefined, new Error("two")])).rejects.toBe(lost.error);
    expect(lost.error.fallbackErrors).toMatchObject([{ message: "two" }]);
  });
});

describe("an answer that no attempt of this client gave", () => {
  it.each<[string, FallbackAlternative]>([
    ["constant", { answer: { Body: "0" } }],
    ["function", { answer: () => ({ Body: "0" }) }],
    ["client", { client: { send: async () => ({ $metadata: {} }) } }],
  ])("is decided by none: %s", async (kind, alternative) => {
    const lost = new Lost();
    const { output } = await lost.run([alternative]);
    expect(output?.$metadata.fallback?.kind).toBe(kind);
    expect(lost.call.decidedBy).toBeUndefined();
    expect(lost.call.attempts).toHaveLength(1);
  });
});

describe("the payload of a lost call", () => {
  const bytes = Buffer.from("1,2");

  async function hashedFor(headers: Record<string, string>, body: Uint8Array | undefined) {
    const lost = new Lost();
    lost.call.hashedBody = bytes;
    if (body !== undefined) lost.request = { headers, body } as HttpRequest;
    await lost.run([{ variant: "green" }]);
    return lost.sent[0]?.call.fallback?.hashedBefore;
  }

  it("is not made into bytes and hashed again", async () => {
    const hashed = await hashedFor({ "x-amz-content-sha256": "abc" }, bytes);
    expect(hashed).toEqual({ body: "1,2", bytes, digest: "abc" });
    expect(hashed?.bytes).toBe(bytes);
  });

  it("is made anew where another layer changed it, or nothing was hashed", async () => {
    expect(await hashedFor({ "x-amz-content-sha256": "abc" }, Buffer.from("1,2"))).toBeUndefined();
    expect(await hashedFor({}, bytes)).toBeUndefined();
    expect(await hashedFor({}, undefined)).toBeUndefined();
  });
});
