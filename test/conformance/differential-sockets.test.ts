import * as official from "@aws-sdk/client-sagemaker-runtime";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exceptionFrame, payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import type { Operation } from "../../lib/operations/operation.ts";
import { BothClients, type Result } from "../support/both-clients.ts";
import { DOCUMENTED_ERRORS } from "../support/documented-errors.ts";
import { INPUTS } from "../support/inputs.ts";
import { comparableError, withoutRetryCounts } from "../support/official-wire.ts";
import type { RecordedRequest } from "../support/recording-server.ts";

const OPERATIONS: Operation["name"][] = [
  "InvokeEndpoint",
  "InvokeEndpointAsync",
  "InvokeEndpointWithResponseStream",
];

/** Differ from call to call, or between any two clients. */
const VOLATILE = new Set([
  "authorization",
  "x-amz-date",
  "amz-sdk-invocation-id",
  "user-agent",
  "x-amz-user-agent",
]);

/** Belong to the connection and not to the request. */
const HOP_BY_HOP = new Set(["connection", "keep-alive"]);

let both: BothClients;

beforeAll(async () => {
  both = await BothClients.start();
});
afterAll(() => both[Symbol.asyncDispose]());

function comparable({ method, url, headers, body }: RecordedRequest) {
  const names = Object.keys(headers).filter((name) => !HOP_BY_HOP.has(name) && name !== "x-amz-user-agent");
  const shown = names.sort().map((name) => [name, VOLATILE.has(name) ? "" : headers[name]]);
  return { method, url, headers: shown, signed: signedNames(headers.authorization), body };
}

function signedNames(authorization = ""): string[] {
  const names = /SignedHeaders=([^,]*)/.exec(authorization)?.[1]?.split(";") ?? [];
  return names.filter((name) => name !== "x-amz-user-agent");
}

const INPUT = { EndpointName: "ep", Body: "x" };

describe("over sockets, a request", () => {
  it.each(OPERATIONS)("of %s is the official client's, for every valid input", async (operation) => {
    both.server.answer = { status: 200, body: "{}" };
    const property = fc.asyncProperty(INPUTS[operation], async (input) => {
      const { theirRequest, ourRequest } = await both.send(operation, input);
      expect(comparable(ourRequest)).toEqual(comparable(theirRequest));
    });
    await fc.assert(property, { numRuns: 40 });
  });
});

describe("over sockets, an answer", () => {
  const headers = {
    "content-type": "text/csv",
    "x-amzn-requestid": "request-1",
    "x-amz-id-2": "extended-1",
    "x-amzn-invoked-production-variant": "blue",
    "x-amzn-sagemaker-custom-attributes": "trace=1",
    "x-amzn-sagemaker-new-session-id": "s-1; Expires=2026-01-02T03:04:05Z",
    "x-amzn-sagemaker-outputlocation": "s3://bucket/out",
    "x-amzn-sagemaker-content-type": "text/plain",
  };

  it.each(OPERATIONS)("to %s gives the official client's output", async (operation) => {
    const body =
      operation === "InvokeEndpointWithResponseStream"
        ? payloadPartFrame(Buffer.from("hi"))
        : '{"InferenceId":"i"}';
    both.server.answer = { status: operation === "InvokeEndpointAsync" ? 202 : 200, headers, body };
    const { their, our } = await both.send(operation, INPUT);
    expect(await readable(our)).toEqual(await readable(their));
  });

  it.each(DOCUMENTED_ERRORS)("with %s (%s) gives the official client's error", async (code, status) => {
    const body = JSON.stringify({
      Message: "said so",
      OriginalStatusCode: 500,
      OriginalMessage: "m",
      ErrorCode: "E",
    });
    both.server.answer = { status, headers: { ...headers, "x-amzn-errortype": code }, body };
    for (const operation of OPERATIONS) {
      const { their, our } = await both.send(operation, INPUT);
      expect(comparableError(our.error)).toEqual(comparableError(their.error));
      expect((our.error as { $metadata: object }).$metadata).toMatchObject({
        attempts: 1,
        totalRetryDelay: 0,
      });
    }
  });

  it("that breaks off in a stream with an exception gives the official client's error", async () => {
    const failure = exceptionFrame("ModelStreamError", { Message: "m", ErrorCode: "StreamBroken" });
    const part = payloadPartFrame(Buffer.from("hi"));
    both.server.answer = { status: 200, headers, body: Buffer.concat([part, failure]) };
    const { their, our } = await both.send("InvokeEndpointWithResponseStream", INPUT);
    const [theirParts, ourParts] = [await parts(their), await parts(our)];
    expect(ourParts.texts).toEqual(theirParts.texts);
    expect(ourParts.error).toMatchObject({ name: "ModelStreamError", ErrorCode: "StreamBroken" });
    expect(ourParts.error).toBeInstanceOf(official.ModelStreamError);
    expect((theirParts.error as Error).message).toBe((ourParts.error as Error).message);
  });
});

async function readable({ output, error }: Result) {
  if (output === undefined) throw error;
  const { Body, ...rest } = withoutRetryCounts(output);
  if (Body instanceof Uint8Array) return { ...rest, bytes: Buffer.from(Body).toString("hex") };
  return { ...rest, parts: Body === undefined ? undefined : (await parts({ output })).texts };
}

async function parts({ output, error }: Result) {
  if (output === undefined) throw error;
  const texts: string[] = [];
  try {
    for await (const event of output.Body as AsyncIterable<official.ResponseStream>) {
      texts.push(Buffer.from(event.PayloadPart?.Bytes ?? []).toString());
    }
  } catch (broken) {
    return { texts, error: broken };
  }
  return { texts, error: undefined };
}
