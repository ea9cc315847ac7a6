import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { payloadPartFrame } from "../../lib/event-stream/encoder.ts";
import type { InvokeEndpointCommandOutput } from "../../lib/operations/invoke-endpoint.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { invokeEndpointAsync } from "../../lib/operations/invoke-endpoint-async.ts";
import type { InvokeEndpointWithResponseStreamCommandOutput } from "../../lib/operations/invoke-endpoint-with-response-stream.ts";
import { invokeEndpointWithResponseStream } from "../../lib/operations/invoke-endpoint-with-response-stream.ts";
import { ByteStream } from "../../lib/transport/byte-stream.ts";
import { callOfficialClient } from "../support/official-client.ts";
import { withoutRetryCounts } from "../support/official-wire.ts";
import { NO_CONTEXT } from "../support/wire.ts";

const value = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map(String.fromCharCode),
  maxLength: 30,
});

/** Any headers that an answer of any operation may have, and some that mean nothing. */
const headers: fc.Arbitrary<Record<string, string>> = fc.record(
  {
    "content-type": value,
    "x-amzn-invoked-production-variant": value,
    "x-amzn-sagemaker-custom-attributes": value,
    "x-amzn-sagemaker-new-session-id": value,
    "x-amzn-sagemaker-closed-session-id": value,
    "x-amzn-sagemaker-content-type": value,
    "x-amzn-sagemaker-outputlocation": value,
    "x-amzn-sagemaker-failurelocation": value,
    "x-amzn-requestid": value,
    "x-amzn-request-id": value,
    "x-amz-request-id": value,
    "x-amz-id-2": value,
    "x-amz-cf-id": value,
    date: value,
  },
  { requiredKeys: [] },
);

const INPUT = { EndpointName: "ep", Body: "x" };

describe("an accepted answer", () => {
  it("of InvokeEndpoint becomes the official client's output", async () => {
    const property = fc.asyncProperty(headers, fc.uint8Array({ minLength: 1 }), async (headers, body) => {
      const answer = { statusCode: 200, headers, body: body.slice() };
      const { output: theirs } = await callOfficialClient("InvokeEndpoint", INPUT, answer);
      const ours = invokeEndpoint.deserialize({ ...answer, body }, NO_CONTEXT) as InvokeEndpointCommandOutput;
      expect({ ...ours, Body: readings(ours.Body) }).toEqual(
        withoutRetryCounts({ ...theirs, Body: readings(theirs.Body as InvokeEndpointCommandOutput["Body"]) }),
      );
    });
    await fc.assert(property);
  });

  it("of InvokeEndpointAsync becomes the official client's output", async () => {
    const bodies = fc.oneof(
      fc.constantFrom("", "{}", '{"InferenceId":null}', '{"Other":1}'),
      fc.string().map((InferenceId) => JSON.stringify({ InferenceId, more: [1] })),
    );
    const property = fc.asyncProperty(headers, bodies, async (headers, body) => {
      const answer = { statusCode: 202, headers, body: Buffer.from(body) };
      const { output: theirs } = await callOfficialClient("InvokeEndpointAsync", INPUT, answer);
      expect(invokeEndpointAsync.deserialize(answer, NO_CONTEXT)).toEqual(withoutRetryCounts(theirs));
    });
    await fc.assert(property);
  });

  it("of InvokeEndpointWithResponseStream becomes the official client's output and parts", async () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 });
    const property = fc.asyncProperty(headers, parts, async (headers, parts) => {
      const frames = parts.map(payloadPartFrame);
      const answer = { statusCode: 200, headers, body: Readable.from(frames) };
      const { output: theirs } = await callOfficialClient("InvokeEndpointWithResponseStream", INPUT, answer);
      const ours = invokeEndpointWithResponseStream.deserialize(
        { ...answer, body: streamOf(frames) },
        NO_CONTEXT,
      );
      const { Body } = ours as InvokeEndpointWithResponseStreamCommandOutput;
      expect({ ...ours, Body: await partsOf(Body) }).toEqual(
        withoutRetryCounts({ ...theirs, Body: await partsOf(theirs.Body as typeof Body) }),
      );
    });
    await fc.assert(property, { numRuns: 50 });
  });
});

/** Everything that callers read from a body. */
function readings(body: InvokeEndpointCommandOutput["Body"]) {
  return {
    isUint8Array: body instanceof Uint8Array,
    bytes: Buffer.from(body).toString("hex"),
    text: body.transformToString(),
    utf8: body.transformToString("utf-8"),
    base64: body.transformToString("base64"),
  };
}

function streamOf(chunks: Uint8Array[]): ByteStream {
  const stream = new ByteStream({ resume() {}, cancel() {} });
  for (const chunk of chunks) stream.push(chunk);
  stream.finish();
  return stream;
}

async function partsOf(body: InvokeEndpointWithResponseStreamCommandOutput["Body"]): Promise<string[]> {
  const parts: string[] = [];
  for await (const event of body) parts.push(Buffer.from(event.PayloadPart?.Bytes ?? []).toString("hex"));
  return parts;
}
