import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ModelError, ServiceUnavailable } from "../../lib/errors/service-errors.ts";
import { SageMakerRuntimeServiceException } from "../../lib/errors/service-exception.ts";
import { errorFromResponse } from "../../lib/protocol/error-response.ts";

function errorOf(statusCode: number, text: string | Uint8Array, type?: string) {
  const headers: Record<string, string> = type === undefined ? {} : { "x-amzn-errortype": type };
  return errorFromResponse("InvokeEndpoint", { statusCode, headers, body: Buffer.from(text) });
}

describe("the exception of an error answer", () => {
  it("keeps the response at hand, but out of logs", () => {
    const error = errorOf(424, '{"Message":"m","OriginalMessage":"words","Secret":1}', "ModelError");
    expect(error.$response).toMatchObject({ statusCode: 424 });
    expect(Object.keys(error)).not.toContain("$response");
    expect(inspect(error)).not.toContain("$response");
  });

  it("shows its message to loggers that write JSON", () => {
    expect(
      JSON.parse(JSON.stringify(errorOf(503, '{"message":"busy"}', "ServiceUnavailable"))),
    ).toMatchObject({
      name: "ServiceUnavailable",
      message: "busy",
      $fault: "server",
      $metadata: { httpStatusCode: 503 },
    });
  });

  it("is of the modelled class whatever the status", () => {
    expect(errorOf(500, "{}", "ServiceUnavailable")).toBeInstanceOf(ServiceUnavailable);
  });

  it("blames the client below status 500 where the code is not modelled", () => {
    expect(errorOf(499, "{}", "Odd").$fault).toBe("client");
    expect(errorOf(500, "{}", "Odd").$fault).toBe("server");
  });

  it.each([
    ["503", 503],
    ["0", 0],
    ["", undefined],
    ["soon", undefined],
    [500.5, undefined],
    [null, undefined],
  ])("reads OriginalStatusCode %j as %j", (OriginalStatusCode, expected) => {
    const error = errorOf(424, JSON.stringify({ OriginalStatusCode }), "ModelError") as ModelError;
    expect(error).toBeInstanceOf(ModelError);
    expect(error.OriginalStatusCode).toBe(expected);
  });

  it.each([
    '{"$fault":"server","$metadata":{},"$response":1,"$retryable":{},"name":"N","stack":"S","cause":"C"}',
    '{"attempts":[1],"mayHaveExecuted":true,"toString":"T","constructor":"C"}',
    '{"__proto__":{"polluted":true},"Message":{"polluted":true}}',
  ])("takes no member over its own: %s", (text) => {
    const plain = errorOf(400, "{}", "Odd");
    const error = errorOf(400, text, "Odd");
    expect(Object.keys(error)).toEqual(Object.keys(plain));
    expect(error).toMatchObject({ name: "Odd", $fault: "client", attempts: [], mayHaveExecuted: false });
    expect(Object.getPrototypeOf(error)).toBe(SageMakerRuntimeServiceException.prototype);
    expect(error).not.toHaveProperty("polluted");
    expect(error.cause).toBeUndefined();
  });
});

describe("the code of an error answer", () => {
  it.each([
    ["two\nlines", "Unknown"],
    ["x".repeat(129), "Unknown"],
    ["#", "Unknown"],
    ["ns#Name", "Name"],
    ["Name#", "Unknown"],
    ["Name:http://a#b", "Name"],
  ])("in %j is %s", (type, name) => {
    expect(errorOf(400, "{}", type).name).toBe(name);
  });

  it("is looked for in the body where the header has none that can be a name", () => {
    expect(errorOf(400, '{"code":null,"__type":"ns#Odd"}', " ").name).toBe("Odd");
  });
});

describe("the message of an exception", () => {
  it("says what the status was where the answer says nothing", () => {
    const text = "InvokeEndpoint was answered with HTTP status 503 and no message";
    for (const body of ["", "{}", '{"message":null}', '{"message":""}', '{"Message":5}']) {
      expect(errorOf(503, body).message).toBe(text);
    }
  });

  it("says that it is throttling where the service throttles and says nothing", () => {
    expect(errorOf(400, '{"message":null}', "ThrottlingException").message).toBe(
      "InvokeEndpoint was throttled: too many requests for the endpoint, its container or the account",
    );
  });

  it("quotes a proxy's page in one line without its tags", () => {
    const page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\u0007<body>nginx</body></html>\n";
    const error = errorOf(502, page);
    expect(error).toMatchObject({ name: "Unknown", $fault: "server", $metadata: { httpStatusCode: 502 } });
    expect(error.message).toBe("InvokeEndpoint was answered with HTTP status 502: 502 Bad Gateway nginx");
  });

  it("quotes at most 200 characters", () => {
    const { message } = errorOf(502, "wörd ".repeat(10_000));
    expect(message.slice(message.indexOf(": ") + 2)).toHaveLength(200);
    expect(message).toMatch(/\.\.\.$/);
  });

  it("does not quote an answer that has a code: it may be the model's", () => {
    expect(errorOf(424, "the model's words", "ModelError").message).toBe(
      "InvokeEndpoint was answered with HTTP status 424 and a body that is no error message",
    );
  });

  it("does not quote an answer with status 424 without a code either", () => {
    expect(errorOf(424, "the model's words").message).not.toContain("words");
  });

  it("does not quote what is no text: a compressed answer, or one in a charset of two bytes", () => {
    const text = "InvokeEndpoint was answered with HTTP status 503 and a body that is no error message";
    expect(errorOf(503, gzipSync("busy")).message).toBe(text);
    expect(errorOf(503, Buffer.from("busy", "utf16le")).message).toBe(text);
  });

  it.each(['{"message":"cut o', '"text"', "[1,2]", "null", "\u0000\u0001"])(
    "is there for the body %j, which is no JSON object",
    (body) => {
      const error = errorOf(500, body);
      expect(error).toBeInstanceOf(SageMakerRuntimeServiceException);
      expect(error.message).toMatch(/^InvokeEndpoint was answered with HTTP status 500/);
    },
  );
});
