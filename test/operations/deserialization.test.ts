import { describe, expect, it } from "vitest";
import { InvalidResponseError } from "../../lib/errors/local-errors.ts";
import type { InvokeEndpointCommandOutput } from "../../lib/operations/invoke-endpoint.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { invokeEndpointAsync } from "../../lib/operations/invoke-endpoint-async.ts";
import { NO_CONTEXT } from "../support/wire.ts";

function outputOf(headers: Record<string, string>, body: Uint8Array): InvokeEndpointCommandOutput {
  return invokeEndpoint.deserialize(
    { statusCode: 200, headers, body },
    NO_CONTEXT,
  ) as InvokeEndpointCommandOutput;
}

describe("the output of InvokeEndpoint", () => {
  it("has the members whose headers came, and no others", () => {
    const output = outputOf(
      { "content-type": "text/csv", "x-amzn-sagemaker-custom-attributes": "" },
      Buffer.from("1"),
    );
    expect(Object.keys(output).sort()).toEqual(["$metadata", "Body", "ContentType", "CustomAttributes"]);
  });

  it("says which answer it is from", () => {
    const ids = { "x-amzn-requestid": "request", "x-amz-id-2": "extended", "x-amz-cf-id": "edge" };
    expect(outputOf(ids, Buffer.from("1")).$metadata).toEqual({
      httpStatusCode: 200,
      requestId: "request",
      extendedRequestId: "extended",
      cfId: "edge",
    });
  });

  it("has a body over the very bytes that came", () => {
    const bytes = Buffer.from("hällo");
    const { Body } = outputOf({}, bytes);
    expect(Body.buffer).toBe(bytes.buffer);
    expect(Body.transformToString()).toBe("hällo");
    expect(Body.transformToString("base64")).toBe(bytes.toString("base64"));
    expect(Buffer.from(Body)).toEqual(bytes);
  });

  it("has an empty body where nothing came", () => {
    expect(outputOf({}, new Uint8Array(0)).Body).toHaveLength(0);
  });

  it("refuses to decode in an encoding that there is not", () => {
    const { Body } = outputOf({}, Buffer.from("1"));
    expect(() => Body.transformToString("utf-7")).toThrow(
      new RangeError('encoding must be one that Buffer knows, such as "utf-8" or "base64", got "utf-7"'),
    );
  });
});

describe("the output of InvokeEndpointAsync", () => {
  function outputOf(text: string) {
    const headers = { "x-amzn-requestid": "request", "x-amzn-sagemaker-outputlocation": "s3://out" };
    return invokeEndpointAsync.deserialize({ statusCode: 202, headers, body: Buffer.from(text) }, NO_CONTEXT);
  }

  it("has the id from the JSON and the locations from the headers", () => {
    expect(outputOf('{"InferenceId":"id"}')).toEqual({
      $metadata: { httpStatusCode: 202, requestId: "request" },
      InferenceId: "id",
      OutputLocation: "s3://out",
    });
  });

  it("has no id where the answer has none", () => {
    expect(outputOf("")).not.toHaveProperty("InferenceId");
    expect(outputOf("{}")).not.toHaveProperty("InferenceId");
  });

  it.each(["secret", '{"InferenceId":', "null", "[]", '"id"', '{"InferenceId":{}}'])(
    "is an InvalidResponseError for %s, which says what was expected and not what came",
    (text) => {
      const error = thrownBy(() => outputOf(text)) as InvalidResponseError;
      expect(error).toBeInstanceOf(InvalidResponseError);
      expect(error.message).toBe('expected {"InferenceId": "..."} in the answer to InvokeEndpointAsync');
      expect(error.$metadata).toEqual({ httpStatusCode: 202, requestId: "request" });
      expect(error.cause).toBeUndefined();
    },
  );
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
