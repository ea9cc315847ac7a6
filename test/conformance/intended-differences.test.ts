import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { InvalidInputError, InvalidResponseError } from "../../lib/errors/local-errors.ts";
import { ModelError } from "../../lib/errors/service-errors.ts";
import { SageMakerRuntimeServiceException } from "../../lib/errors/service-exception.ts";
import type { InvokeEndpointCommandOutput } from "../../lib/operations/invoke-endpoint.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { invokeEndpointAsync } from "../../lib/operations/invoke-endpoint-async.ts";
import type { Operation } from "../../lib/operations/operation.ts";
import { errorFromResponse } from "../../lib/protocol/error-response.ts";
import { callOfficialClient } from "../support/official-client.ts";
import { NO_CONTEXT, SETTINGS } from "../support/wire.ts";
import { INTENDED_DIFFERENCES, WIRE_DIFFERENCES } from "./intended-differences.ts";

type DifferenceName = (typeof WIRE_DIFFERENCES)[number]["name"];

const VALID = { EndpointName: "ep", Body: "x" };
const EMPTY = { statusCode: 200, headers: {}, body: new Uint8Array(0) };

/** For each entry, what both clients really do. */
const SHOWN: Readonly<Record<DifferenceName, () => Promise<void>>> = {
  async "no content-length over empty memory"() {
    const input = { EndpointName: "ep", Body: new Uint8Array(0) };
    const { request } = await callOfficialClient("InvokeEndpoint", input, EMPTY);
    expect(request.headers["content-length"]).toBe("0");
    expect(invokeEndpoint.serialize(input, SETTINGS).headers).not.toHaveProperty("content-length");
  },

  async "input is checked before it is sent"() {
    await sentByOfficialOnly(invokeEndpoint, { EndpointName: "", Body: "x" });
    await sentByOfficialOnly(invokeEndpoint, { EndpointName: "no/such name", Body: "x" });
    await sentByOfficialOnly(invokeEndpoint, { ...VALID, InferenceId: 7 });
    await sentByOfficialOnly(invokeEndpoint, { ...VALID, CustomAttributes: "é" });
    await sentByOfficialOnly(invokeEndpointAsync, { ...VALID, RequestTTLSeconds: 1 });
  },

  async "a missing Body is refused"() {
    await sentByOfficialOnly(invokeEndpoint, { EndpointName: "ep" });
  },

  async "a stream as Body is refused"() {
    await sentByOfficialOnly(invokeEndpoint, { EndpointName: "ep", Body: Readable.from(["x"]) });
  },

  async "an enqueue without exactly one source is refused"() {
    await sentByOfficialOnly(invokeEndpointAsync, { EndpointName: "ep" });
    await sentByOfficialOnly(invokeEndpointAsync, { ...VALID, InputLocation: "s3://bucket/key" });
  },

  async "a payload above maxBodyBytes is refused"() {
    const { error } = await callOfficialClient("InvokeEndpoint", VALID, EMPTY);
    expect(error).toBeUndefined();
    expect(() => invokeEndpoint.serialize(VALID, { ...SETTINGS, maxBodyBytes: 0 })).toThrow(
      InvalidInputError,
    );
  },

  async "a misspelt member is refused"() {
    await sentByOfficialOnly(invokeEndpoint, { ...VALID, Targetvariant: "blue" });
  },

  async "an empty answer is empty bytes"() {
    const { output } = await callOfficialClient("InvokeEndpoint", VALID, EMPTY);
    expect(output.Body).toBeNull();
    const { Body } = invokeEndpoint.deserialize(EMPTY, NO_CONTEXT) as InvokeEndpointCommandOutput;
    expect(Body.byteLength).toBe(0);
    expect(Body.transformToString()).toBe("");
  },

  async "transformToString knows every encoding of Buffer"() {
    const answer = { ...EMPTY, body: Buffer.from("AB") };
    const { output } = await callOfficialClient("InvokeEndpoint", VALID, answer);
    expect((output as unknown as InvokeEndpointCommandOutput).Body.transformToString("hex")).toBe("AB");
    const { Body } = invokeEndpoint.deserialize(answer, NO_CONTEXT) as InvokeEndpointCommandOutput;
    expect(Body.transformToString("hex")).toBe("4142");
  },

  async "a malformed enqueue answer is an InvalidResponseError"() {
    const theirs = [];
    for (const text of ["no JSON", "null", '{"InferenceId":5}']) {
      const answer = { statusCode: 202, headers: {}, body: Buffer.from(text) };
      const { error, output } = await callOfficialClient("InvokeEndpointAsync", VALID, { ...answer });
      theirs.push(error === undefined ? output.InferenceId : (error as Error).name);
      expect(() => invokeEndpointAsync.deserialize(answer, NO_CONTEXT)).toThrow(InvalidResponseError);
    }
    expect(theirs).toEqual(["SyntaxError", "TypeError", 5]);
  },

  async "an error answer that is no JSON object is a service exception"() {
    const page = await bothErrors(502, "<html>Bad Gateway</html>");
    expect(page.theirs.name).toBe("SyntaxError");
    expect(page.ours).toBeInstanceOf(SageMakerRuntimeServiceException);
    expect(page.ours.$metadata.httpStatusCode).toBe(502);
    const list = await bothErrors(500, '["a"]');
    expect(Object.keys(list.theirs)).toContain("0");
    expect(Object.keys(list.ours)).not.toContain("0");
  },

  async "an exception without a message gets one"() {
    const { ours, theirs } = await bothErrors(400, '{"code":"ThrottlingException","message":null}');
    expect(theirs.message).toBe("UnknownError");
    expect(ours.message).toContain("throttled");
  },

  async "a message is a text"() {
    const { ours, theirs } = await bothErrors(400, '{"code":"ValidationError","message":{"a":1}}');
    expect(theirs.message).toEqual({ a: 1 });
    expect(ours.message).toBeTypeOf("string");
  },

  async "a code that is no name is passed over"() {
    const structured = await bothErrors(500, '{"code":{"a":1},"__type":"InternalFailure"}');
    expect(structured.theirs.name).toBe("TypeError");
    expect(structured.ours.name).toBe("InternalFailure");
    const empty = await bothErrors(500, '{"__type":"InternalFailure"}', { "x-amzn-errortype": "" });
    expect(empty.theirs.name).toBe("");
    expect(empty.ours.name).toBe("InternalFailure");
  },

  async "members of modelled exceptions have their type"() {
    const text = '{"code":"ModelError","OriginalStatusCode":"503","OriginalMessage":null}';
    const { ours, theirs } = await bothErrors(424, text);
    expect(theirs).toMatchObject({ OriginalStatusCode: "503", OriginalMessage: null });
    expect(ours).toBeInstanceOf(ModelError);
    expect(ours).toMatchObject({ OriginalStatusCode: 503, OriginalMessage: undefined });
  },

  async "a huge number is a number"() {
    const answer = {
      statusCode: 400,
      headers: {},
      body: Buffer.from('{"message":"m","Huge":9007199254740993}'),
    };
    const { error: theirs } = await callOfficialClient("InvokeEndpoint", VALID, answer);
    const canReadSource = "rawJSON" in JSON;
    expect(typeof (theirs as { Huge?: unknown }).Huge).toBe(canReadSource ? "bigint" : "number");
    const ours = errorFromResponse("InvokeEndpoint", answer);
    expect(typeof (ours as { Huge?: unknown }).Huge).toBe("number");
    expect(() => JSON.stringify(ours)).not.toThrow();
  },

  async "an answer cannot set what this client says"() {
    const text = '{"code":"Odd","$retryable":{"throttling":true},"cause":"evil","attempts":[1]}';
    const { ours, theirs } = await bothErrors(400, text);
    expect(theirs).toMatchObject({ $retryable: { throttling: true }, cause: "evil", attempts: [1] });
    expect([ours.$retryable, ours.cause, ours.attempts]).toEqual([undefined, undefined, []]);
  },
};

describe("the clients differ on purpose", () => {
  it.each(WIRE_DIFFERENCES)("$name", async ({ name }) => {
    await SHOWN[name]();
  });

  it("and every difference has a name of its own and a reason", () => {
    const names = INTENDED_DIFFERENCES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { reason } of INTENDED_DIFFERENCES) expect(reason).toMatch(/^.{20,}\.$/);
  });
});

async function sentByOfficialOnly(operation: Operation, input: object): Promise<void> {
  const { error } = await callOfficialClient(operation.name, input, { ...EMPTY, body: Buffer.from("{}") });
  expect(error).toBeUndefined();
  expect(() => operation.validate(input)).toThrow(InvalidInputError);
}

async function bothErrors(statusCode: number, text: string, headers: Record<string, string> = {}) {
  const response = { statusCode, headers, body: Buffer.from(text) };
  const { error } = await callOfficialClient("InvokeEndpoint", VALID, {
    ...response,
    body: Buffer.from(text),
  });
  return { theirs: error as Error, ours: errorFromResponse("InvokeEndpoint", response) };
}
