import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../lib/errors/local-errors.ts";
import { ValidationError } from "../../lib/errors/service-errors.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { invokeEndpointAsync } from "../../lib/operations/invoke-endpoint-async.ts";
import { invokeEndpointWithResponseStream } from "../../lib/operations/invoke-endpoint-with-response-stream.ts";
import type { Operation } from "../../lib/operations/operation.ts";
import { INPUTS } from "../support/inputs.ts";

const OPERATIONS: Operation[] = [invokeEndpoint, invokeEndpointAsync, invokeEndpointWithResponseStream];

const VALID = { EndpointName: "my-endpoint", Body: "x" };

function errorOf(operation: Operation, input: unknown): InvalidInputError {
  try {
    operation.validate(input as object);
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error("the input was accepted");
}

describe.each(OPERATIONS)("the input of $name", (operation) => {
  it("is accepted where it keeps every rule", () => {
    fc.assert(fc.property(INPUTS[operation.name], (input) => operation.validate(input)));
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    ["text", "a string"],
  ])("must be an object, and not %s", (input, shown) => {
    expect(errorOf(operation, input).message).toBe(`input must be an object, got ${shown}`);
  });

  it.each([
    ["", '""'],
    [undefined, "undefined"],
    [null, "null"],
    [7, "7"],
    ["-a", '"-a"'],
    ["a-", '"a-"'],
    ["a b", '"a b"'],
    ["a/b", '"a/b"'],
    ["a\nb", '"a\\nb"'],
    ["é", '"é"'],
    ["a".repeat(64), "64 characters"],
  ])("is refused with the endpoint name %j", (EndpointName, shown) => {
    const error = errorOf(operation, { ...VALID, EndpointName });
    expect(error.message).toBe(
      `EndpointName must be 1 to 63 letters, digits and hyphens, beginning and ending with a letter or digit, got ${shown}`,
    );
    expect(error.member).toBe("EndpointName");
  });

  it("says which member was perhaps meant to be the endpoint name", () => {
    const error = errorOf(operation, { endpointName: "my-endpoint", Body: "x" });
    expect(error.message).toMatch(/got undefined \(the input has "endpointName"\)$/);
  });

  it("is refused with a member that is a slip of a known one", () => {
    const error = errorOf(operation, { ...VALID, CustomAtributes: "secret" });
    expect(error.message).toBe(
      'CustomAttributes must be spelt exactly so, got a member named "CustomAtributes"',
    );
  });

  it.each([undefined, null])("is refused with such a slip beside a member that is %s", (InferenceId) => {
    const error = errorOf(operation, { ...VALID, InferenceId, InferenceID: "2" });
    expect(error.message).toBe('InferenceId must be spelt exactly so, got a member named "InferenceID"');
  });

  it("may have a slip of a member beside the member itself", () => {
    operation.validate({ ...VALID, BODY: "of an event", InferenceId: "1", InferenceID: "2" });
  });

  it("may have members that are none of the operation's", () => {
    operation.validate({ ...VALID, traceId: "1", body: "of an event", Region: "eu-west-1" });
  });

  it("may have unset members that are undefined or null", () => {
    operation.validate({ ...VALID, ContentType: undefined, InferenceId: null });
  });

  it("may get its members from getters and prototypes", () => {
    class Request {
      get EndpointName() {
        return "my-endpoint";
      }
      get Body() {
        return "x";
      }
      get InferenceId() {
        return " not an id";
      }
    }
    expect(errorOf(operation, new Request()).member).toBe("InferenceId");
  });

  it.each([
    ["a stream", Readable.from(["x"])],
    ["a Blob", new Blob(["x"])],
    ["a ReadableStream", new ReadableStream()],
  ])("is refused with %s as its payload", (_, Body) => {
    expect(errorOf(operation, { EndpointName: "ep", Body }).message).toMatch(
      /^Body must be a string, an ArrayBuffer or a view of one \(read a stream or Blob to its end first: .*\), got an object \(\w+\)$/,
    );
  });

  it.each([
    [{ inputs: "secret" }, "an object (Object)"],
    [["secret"], "an array of 1"],
    [12345, "a number"],
  ])("is refused with %j as its payload, which is not shown", (Body, shown) => {
    expect(errorOf(operation, { EndpointName: "ep", Body }).message).toMatch(
      new RegExp(`got ${escaped(shown)}$`),
    );
  });

  it("is refused with custom attributes that no header can carry, which are not shown", () => {
    const outside = errorOf(operation, { ...VALID, CustomAttributes: "secret\r\nx-evil: 1" });
    expect(outside.message).toBe(
      "CustomAttributes must be at most 1024 printable ASCII characters, got 17 characters, of which the one at index 6 is not",
    );
    expect(errorOf(operation, { ...VALID, CustomAttributes: "x".repeat(1025) }).message).toMatch(
      /got 1025 characters$/,
    );
    expect(errorOf(operation, { ...VALID, CustomAttributes: { secret: 1 } }).message).toMatch(
      /got an object \(Object\)$/,
    );
  });

  it("is refused as a ValidationError that was never sent", () => {
    const error = errorOf(operation, {});
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ name: "ValidationError", $fault: "client", $metadata: { attempts: 0 } });
  });
});

const BROKEN: readonly (readonly [Operation, member: string, value: unknown])[] = [
  [invokeEndpoint, "ContentType", "a\u0000b"],
  [invokeEndpoint, "Accept", "é"],
  [invokeEndpoint, "TargetModel", ""],
  [invokeEndpoint, "TargetModel", " model.tar.gz"],
  [invokeEndpoint, "TargetModel", "a\nb"],
  [invokeEndpoint, "TargetModel", "x".repeat(1025)],
  [invokeEndpoint, "TargetVariant", ""],
  [invokeEndpoint, "TargetVariant", "v_1"],
  [invokeEndpoint, "TargetContainerHostname", "host.name"],
  [invokeEndpoint, "InferenceId", "x".repeat(65)],
  [invokeEndpoint, "EnableExplanations", ""],
  [invokeEndpoint, "InferenceComponentName", "-"],
  [invokeEndpoint, "SessionId", "NEW_SESSIONS"],
  [invokeEndpoint, "SessionId", "id; Expires=2026-01-02T03:04:05Z"],
  [invokeEndpoint, "PrefixAwareId", " "],
  [invokeEndpointWithResponseStream, "SessionId", "NEW_SESSION"],
  [invokeEndpointAsync, "InputLocation", "ftp://bucket/key"],
  [invokeEndpointAsync, "InputLocation", "s3:///key"],
  [invokeEndpointAsync, "InputLocation", `s3://${"x".repeat(1020)}`],
  [invokeEndpointAsync, "S3OutputPathExtension", "s3://bucket"],
  [invokeEndpointAsync, "S3OutputPathExtension", "a b"],
  [invokeEndpointAsync, "Filename", "a.b.c"],
  [invokeEndpointAsync, "Filename", ".hidden"],
  [invokeEndpointAsync, "Filename", "x".repeat(33)],
  [invokeEndpointAsync, "RequestTTLSeconds", 59],
  [invokeEndpointAsync, "RequestTTLSeconds", 21_601],
  [invokeEndpointAsync, "RequestTTLSeconds", 60.5],
  [invokeEndpointAsync, "RequestTTLSeconds", "60"],
  [invokeEndpointAsync, "InvocationTimeoutSeconds", 0],
  [invokeEndpointAsync, "InvocationTimeoutSeconds", 3_601],
];

describe("a member that breaks its rule is refused:", () => {
  const rows = BROKEN.map(
    ([operation, member, value]) => [operation.name, member, value, operation] as const,
  );
  it.each(rows)("%s with %s %j", (_, member, value, operation) => {
    expect(errorOf(operation, { ...VALID, [member]: value }).member).toBe(member);
  });
});

describe("the session id", () => {
  it.each([
    ["a7f3c2; Expires=2026-01-02T03:04:05Z", "36 characters"],
    ["é-a7f3c2", "8 characters, of which the one at index 0 is not"],
    [["a7f3c2"], "an array of 1"],
  ])("is not shown where it is none: %j", (SessionId, shown) => {
    for (const operation of [invokeEndpoint, invokeEndpointWithResponseStream]) {
      const { message } = errorOf(operation, { ...VALID, SessionId });
      expect(message).toMatch(new RegExp(`^SessionId must be .*, got ${shown}$`));
      expect(message).not.toContain("a7f3c2");
    }
  });
});

describe("the payload", () => {
  it("must be given to InvokeEndpoint, if only an empty one", () => {
    expect(errorOf(invokeEndpoint, { EndpointName: "ep" }).message).toMatch(
      /if only an empty one, got undefined$/,
    );
    invokeEndpoint.validate({ EndpointName: "ep", Body: "" });
  });

  it("of InvokeEndpointAsync is at most 128,000 bytes, counted as they are sent", () => {
    invokeEndpointAsync.validate({ EndpointName: "ep", Body: "é".repeat(64_000) });
    expect(errorOf(invokeEndpointAsync, { EndpointName: "ep", Body: "é".repeat(64_001) }).message).toBe(
      "Body must be at most 128000 bytes, got 128002 bytes",
    );
  });

  it("of InvokeEndpointAsync is given where InputLocation is not, and only there", () => {
    const InputLocation = "s3://bucket/key";
    const rule = "InputLocation must be given where Body is not, and only there";
    expect(errorOf(invokeEndpointAsync, { EndpointName: "ep" }).message).toBe(`${rule}, got neither`);
    expect(errorOf(invokeEndpointAsync, { EndpointName: "ep", Body: "" }).message).toBe(
      `${rule}, got neither`,
    );
    expect(errorOf(invokeEndpointAsync, { ...VALID, InputLocation }).message).toBe(`${rule}, got both`);
    invokeEndpointAsync.validate({ EndpointName: "ep", InputLocation });
    invokeEndpointAsync.validate({ EndpointName: "ep", InputLocation, Body: new Uint8Array(0) });
  });
});

function escaped(text: string): string {
  return text.replace(/[()]/g, "\\$&");
}
