import { createHash } from "node:crypto";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../lib/errors/local-errors.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { invokeEndpointAsync } from "../../lib/operations/invoke-endpoint-async.ts";
import { invokeEndpointWithResponseStream } from "../../lib/operations/invoke-endpoint-with-response-stream.ts";
import type { EndpointUrl } from "../../lib/operations/operation.ts";
import { SETTINGS } from "../support/wire.ts";

const VALID = { EndpointName: "my-endpoint", Body: "x" };

function at(url: Partial<EndpointUrl>) {
  return { ...SETTINGS, url: { ...SETTINGS.url, ...url } };
}

describe("a serialized request", () => {
  it.each([
    [invokeEndpoint, "/endpoints/my-endpoint/invocations"],
    [invokeEndpointAsync, "/endpoints/my-endpoint/async-invocations"],
    [invokeEndpointWithResponseStream, "/endpoints/my-endpoint/invocations-response-stream"],
  ])("posts to the path of its operation", (operation, path) => {
    expect(operation.serialize(VALID, SETTINGS)).toMatchObject({ method: "POST", path, query: {} });
  });

  it("goes to the endpoint's host, port and base path", () => {
    const url = {
      protocol: "http:",
      hostname: "127.0.0.1",
      port: 8080,
      host: "127.0.0.1:8080",
      basePath: "/proxy",
    };
    expect(invokeEndpoint.serialize(VALID, at(url))).toMatchObject({
      protocol: "http:",
      hostname: "127.0.0.1",
      port: 8080,
      path: "/proxy/endpoints/my-endpoint/invocations",
      headers: { host: "127.0.0.1:8080" },
    });
  });

  it("names no port where the endpoint has none", () => {
    const request = invokeEndpoint.serialize(VALID, SETTINGS);
    expect(request).not.toHaveProperty("port");
    expect(request.headers.host).toBe("runtime.sagemaker.us-east-1.amazonaws.com");
  });

  it("encodes all of the endpoint's name that is not unreserved", () => {
    const { path } = invokeEndpoint.serialize({ EndpointName: "my ep/ü!'()*~", Body: "" }, SETTINGS);
    expect(path).toBe("/endpoints/my%20ep%2F%C3%BC%21%27%28%29%2A~/invocations");
  });

  it("has the client's own headers, and does not change them", () => {
    const fixedHeaders = Object.freeze({ "user-agent": "holdfast" });
    const { headers } = invokeEndpoint.serialize(
      { ...VALID, Accept: "text/csv" },
      { ...SETTINGS, fixedHeaders },
    );
    expect(headers).toMatchObject({ "user-agent": "holdfast", accept: "text/csv" });
  });

  it("has the payload's hash and length", () => {
    const { headers } = invokeEndpoint.serialize({ ...VALID, Body: "hällo" }, SETTINGS);
    expect(headers["x-amz-content-sha256"]).toBe(createHash("sha256").update("hällo").digest("hex"));
    expect(headers["content-length"]).toBe("6");
  });

  it("is of no particular content type unless the caller says so", () => {
    expect(invokeEndpoint.serialize(VALID, SETTINGS).headers["content-type"]).toBe(
      "application/octet-stream",
    );
    const csv = { ...VALID, ContentType: "text/csv" };
    expect(invokeEndpoint.serialize(csv, SETTINGS).headers["content-type"]).toBe("text/csv");
  });

  it("has the model's content type and accept in the service's own headers where HTTP's are taken", () => {
    const input = { ...VALID, ContentType: "text/csv", Accept: "application/json" };
    const enqueue = invokeEndpointAsync.serialize(input, SETTINGS).headers;
    expect(enqueue).toMatchObject({
      "content-type": "application/octet-stream",
      "x-amzn-sagemaker-content-type": "text/csv",
      "x-amzn-sagemaker-accept": "application/json",
    });
    expect(enqueue).not.toHaveProperty("accept");
    const stream = invokeEndpointWithResponseStream.serialize(input, SETTINGS).headers;
    expect(stream).toMatchObject({
      "content-type": "text/csv",
      "x-amzn-sagemaker-accept": "application/json",
    });
    expect(stream).not.toHaveProperty("accept");
  });

  it("sends memory as it is, without a copy", () => {
    const memory = new Uint8Array([0, 1, 2, 3]);
    const views = [memory, memory.buffer, new DataView(memory.buffer), Buffer.from(memory.buffer)];
    for (const Body of views) {
      const { body } = invokeEndpoint.serialize({ ...VALID, Body }, SETTINGS);
      expect([...body]).toEqual([0, 1, 2, 3]);
      expect(body.buffer).toBe(memory.buffer);
    }
    const part = invokeEndpoint.serialize({ ...VALID, Body: new Uint16Array(memory.buffer, 2) }, SETTINGS);
    expect([...part.body]).toEqual([2, 3]);
  });

  it("takes memory of another realm, such as a test runner's sandbox", () => {
    const input = { EndpointName: "ep", Body: runInNewContext("new Uint8Array([1, 2]).buffer") };
    invokeEndpoint.validate(input);
    expect([...invokeEndpoint.serialize(input, SETTINGS).body]).toEqual([1, 2]);
  });

  it("is refused above maxBodyBytes, by the bytes that would be sent", () => {
    const settings = { ...SETTINGS, maxBodyBytes: 4 };
    expect(invokeEndpoint.serialize({ ...VALID, Body: "éé" }, settings).body).toHaveLength(4);
    const send = () => invokeEndpoint.serialize({ ...VALID, Body: "ééx" }, settings);
    expect(send).toThrow(InvalidInputError);
    expect(send).toThrow("Body must be at most 4 bytes (maxBodyBytes), got 5 bytes");
  });
});

describe("a call", () => {
  it("may be repeated unless that would do something twice", () => {
    expect(invokeEndpoint.isRepeatable(VALID)).toBe(true);
    expect(invokeEndpoint.isRepeatable({ ...VALID, SessionId: "open-session" })).toBe(true);
    expect(invokeEndpoint.isRepeatable({ ...VALID, SessionId: "NEW_SESSION" })).toBe(false);
    expect(invokeEndpointWithResponseStream.isRepeatable(VALID)).toBe(true);
    expect(invokeEndpointAsync.isRepeatable(VALID)).toBe(false);
  });
});
