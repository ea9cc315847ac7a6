import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SageMakerRuntimeServiceException } from "../../lib/errors/service-exception.ts";
import type { Operation } from "../../lib/operations/operation.ts";
import { errorFromResponse } from "../../lib/protocol/error-response.ts";
import { DOCUMENTED_ERRORS } from "../support/documented-errors.ts";
import { callOfficialClient, type ScriptedResponse } from "../support/official-client.ts";
import { comparableError } from "../support/official-wire.ts";

const OPERATIONS: Operation["name"][] = [
  "InvokeEndpoint",
  "InvokeEndpointAsync",
  "InvokeEndpointWithResponseStream",
];

/** Where an answer may have its code, and how the text around it may look. */
const PLACES: readonly (readonly [place: string, (code: string) => { header?: string; members?: object }])[] =
  [
    ["in the header", (code) => ({ header: code })],
    [
      "in the header, with a URI behind it",
      (code) => ({ header: `${code}:http://internal.amazon.com/coral/x/` }),
    ],
    ["in the header, with a list behind it", (code) => ({ header: `${code},Sender` })],
    [
      "in the header, with another in the body",
      (code) => ({ header: code, members: { code: "Other", __type: "X" } }),
    ],
    ["in code", (code) => ({ members: { code } })],
    ["in Code", (code) => ({ members: { Code: code } })],
    ["in CODE, ahead of __type", (code) => ({ members: { __type: "Other", CODE: code } })],
    ["in __type", (code) => ({ members: { __type: code } })],
    [
      "in __type, with a namespace",
      (code) => ({ members: { __type: `com.amazonaws.sagemakerruntime#${code}` } }),
    ],
  ];

const MEMBERS = {
  OriginalStatusCode: 500,
  OriginalMessage: "the container's words",
  LogStreamArn: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/ep",
  ErrorCode: "StreamBroken",
  Details: { nested: [1, null] },
};

const IDENTIFIERS = { "x-amzn-requestid": "request", "x-amz-id-2": "extended", "x-amz-cf-id": "edge" };

async function expectSame(operation: Operation["name"], response: ScriptedResponse & { body: Uint8Array }) {
  const { error: theirs } = await callOfficialClient(operation, { EndpointName: "ep", Body: "x" }, response);
  const ours = errorFromResponse(operation, response);
  expect(comparableError(ours)).toEqual(comparableError(theirs));
  expect(ours).toBeInstanceOf(SageMakerRuntimeServiceException);
}

/** Numbers beyond 2^53 are an intended difference of their own. */
function withoutHugeNumbers(value: unknown): unknown {
  const isHuge = (part: unknown) => typeof part === "number" && Math.abs(part) > Number.MAX_SAFE_INTEGER;
  return JSON.parse(JSON.stringify(value), (_key, part) => (isHuge(part) ? 1 : part));
}

describe.each(OPERATIONS)("an error answer of %s", (operation) => {
  it.each(DOCUMENTED_ERRORS)("%s (%i) is the official client's exception", async (code, statusCode) => {
    const body = Buffer.from(JSON.stringify({ ...MEMBERS, Message: "M" }));
    await expectSame(operation, { statusCode, headers: { ...IDENTIFIERS, "x-amzn-errortype": code }, body });
  });
});

describe.each(["ModelError", "InternalFailure", "ThrottlingException"])("an answer of %s", (code) => {
  it.each(PLACES)("with its code %s is the official client's exception", async (_, place) => {
    const { header, members } = place(code);
    const headers = header === undefined ? IDENTIFIERS : { ...IDENTIFIERS, "x-amzn-errortype": header };
    for (const text of [{ message: "m" }, { Message: "M" }, { message: "m", Message: "M" }]) {
      const body = Buffer.from(JSON.stringify({ ...MEMBERS, ...members, ...text }));
      await expectSame("InvokeEndpoint", { statusCode: 400, headers, body });
    }
  });
});

describe("an error answer without a code", () => {
  it.each([300, 301, 400, 404, 408, 413, 429, 500, 502, 503, 504, 507, 509, 530])(
    "(%i) is the official client's exception",
    async (statusCode) => {
      await expectSame("InvokeEndpoint", {
        statusCode,
        headers: IDENTIFIERS,
        body: Buffer.from('{"message":"m"}'),
      });
    },
  );
});

describe("any error answer in JSON", () => {
  const code = fc.oneof(
    fc.constantFrom(...DOCUMENTED_ERRORS.map(([code]) => code)),
    fc.stringMatching(/^([a-z.]{1,8}#)?[A-Z][A-Za-z]{0,20}([:,][ -~]{0,9})?$/),
    fc.integer({ min: 1, max: 999 }),
  );
  const text = fc.string({ minLength: 1, unit: "binary" });
  const extras = fc.dictionary(
    fc.stringMatching(/^[A-Z][A-Za-z]{4,12}$|^(toString|name|stack|\$fault|\$metadata|constructor)$/),
    fc.jsonValue().map(withoutHugeNumbers),
    { maxKeys: 4 },
  );
  const members = fc.record(
    {
      message: text,
      Message: text,
      OriginalStatusCode: fc.integer({ min: 0, max: 599 }),
      OriginalMessage: fc.string(),
      LogStreamArn: fc.string(),
      ErrorCode: fc.string(),
      code,
      __type: code,
    },
    { requiredKeys: ["message"] },
  );

  it("is the official client's exception", async () => {
    const headers = fc.record({ "x-amzn-errortype": code.map(String) }, { requiredKeys: [] });
    const status = fc.integer({ min: 300, max: 599 });
    const property = fc.asyncProperty(
      headers,
      status,
      members,
      extras,
      async (headers, statusCode, members, extras) => {
        const body = Buffer.from(JSON.stringify({ ...extras, ...members }));
        await expectSame("InvokeEndpoint", { statusCode, headers: headers as Record<string, string>, body });
      },
    );
    await fc.assert(property, { numRuns: 400 });
  });
});
