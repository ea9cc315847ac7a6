import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContainerRequest, type LocalEndpoint, startLocalEndpoint } from "../../lib/local/index.ts";
import { errorOf, invoke, send } from "./support/signed-request.ts";

const X = "x-amzn-sagemaker-";

/** Answers with what it was asked. */
function mirror({ operation, endpointName, variantName, headers }: ContainerRequest) {
  return { body: JSON.stringify({ operation, endpointName, variantName, headers }) };
}

describe("a request to an operation", () => {
  let endpoint: LocalEndpoint;

  beforeAll(async () => {
    endpoint = await startLocalEndpoint({
      maxBodyBytes: 1_000,
      endpoints: {
        churn: [
          { name: "a", weight: 1, container: mirror },
          { name: "b", weight: 0, container: mirror },
        ],
      },
    });
  });
  afterAll(() => endpoint.close());

  async function asked(headers: Record<string, string>, path = "/endpoints/churn/invocations") {
    const { body } = await send(endpoint.url, { path, headers, body: "x" });
    return JSON.parse(body.toString()) as ContainerRequest;
  }

  it("reaches the container with the modelled headers and no others", async () => {
    const modelled = {
      "content-type": "text/csv",
      accept: "application/json",
      [`${X}custom-attributes`]: "trace=1",
      [`${X}inference-id`]: "i-1",
      [`${X}target-model`]: "m.tar.gz",
      [`${X}target-variant`]: "a",
      [`${X}target-container-hostname`]: "second",
      [`${X}inference-component`]: "llm-1",
      [`${X}enable-explanations`]: "`true`",
      [`${X}session-id`]: "NEW_SESSION",
      [`${X}prefix-aware-id`]: "p-1",
    };
    const { headers } = await asked({
      ...modelled,
      cookie: "c",
      [`${X}unknown`]: "u",
      "x-forwarded-for": "f",
    });
    expect(headers).toEqual(modelled);
  });

  it("gives the container of a stream the accept header under its own name, and no model or explanations", async () => {
    const path = "/endpoints/churn/invocations-response-stream";
    const sent = {
      [`${X}accept`]: "text/plain",
      [`${X}target-model`]: "m",
      [`${X}enable-explanations`]: "e",
    };
    const { body } = await send(endpoint.url, { path, headers: sent, body: "x" });
    const json = body
      .toString("latin1")
      .replace(/^[^{]*/, "")
      .replace(/[^}]*$/, "");
    expect((JSON.parse(json) as ContainerRequest).headers).toEqual({ accept: "text/plain" });
  });

  it("is answered with the variant, a request id and a date", async () => {
    const { headers } = await invoke(endpoint.url);
    expect(headers["x-amzn-invoked-production-variant"]).toBe("a");
    expect(headers["x-amzn-requestid"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(Date.parse(headers.date ?? "")).toBeGreaterThan(Date.now() - 10_000);
  });

  it("is served by the variant it names, even one of weight 0", async () => {
    expect(await asked({ [`${X}target-variant`]: "b" })).toMatchObject({ variantName: "b" });
  });

  it.each([
    [
      "an unknown variant",
      "churn",
      { [`${X}target-variant`]: "c" },
      "Variant c of endpoint churn not found.",
    ],
    ["an unknown endpoint", "other", {}, "Endpoint other of account 123456789012 not found."],
    [
      "an endpoint's name that no endpoint can have",
      "-x",
      {},
      "1 validation error detected: Value '-x' at 'endpointName' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9])*$",
    ],
    [
      "a header that is too long",
      "churn",
      { [`${X}inference-id`]: "i".repeat(65) },
      `1 validation error detected: Value '${"i".repeat(65)}' at 'inferenceId' failed to satisfy constraint: ` +
        "Member must have length less than or equal to 64",
    ],
    [
      "two headers that break rules, without showing a sensitive value",
      "churn",
      { [`${X}custom-attributes`]: "s".repeat(1025), [`${X}session-id`]: "a b" },
      "2 validation errors detected: Value at 'customAttributes' failed to satisfy constraint: Member must have " +
        "length less than or equal to 1024; Value 'a b' at 'sessionId' failed to satisfy constraint: Member must " +
        "satisfy regular expression pattern: ^(NEW_SESSION|[a-zA-Z0-9](-*[a-zA-Z0-9])*)$",
    ],
  ])("is a ValidationError for %s", async (_case, name, headers, message) => {
    const answer = await send(endpoint.url, { path: `/endpoints/${name}/invocations`, headers, body: "x" });
    expect(errorOf(answer)).toEqual({ status: 400, code: "ValidationError", Message: message });
  });

  it("cannot open a session as a stream", async () => {
    const path = "/endpoints/churn/invocations-response-stream";
    const answer = await send(endpoint.url, {
      path,
      headers: { [`${X}session-id`]: "NEW_SESSION" },
      body: "x",
    });
    expect(errorOf(answer)).toMatchObject({ status: 400, code: "ValidationError" });
  });

  it("of a body above the limit is refused with 413, and the connection lives on", async () => {
    const answer = await invoke(endpoint.url, { body: "x".repeat(1_001) });
    expect(errorOf(answer)).toMatchObject({ status: 413, code: "RequestEntityTooLargeException" });
    expect((await invoke(endpoint.url, { body: "x".repeat(1_000) })).status).toBe(200);
  });

  it.each(["/endpoints/churn/invocations/more", "/endpoints/churn/toString", "/other/churn/invocations"])(
    "to %s is an unknown operation",
    async (path) => {
      expect(errorOf(await send(endpoint.url, { path }))).toMatchObject({
        status: 404,
        code: "UnknownOperationException",
      });
    },
  );

  it("with a path that is not well encoded is refused", async () => {
    const answer = await send(endpoint.url, { path: "/endpoints/%zz/invocations" });
    expect(errorOf(answer)).toMatchObject({ status: 400, code: "ValidationError" });
  });
});

describe("sessions and custom attributes", () => {
  it("pass from the container to the caller; a stream has the attributes alone", async () => {
    const headers = {
      "X-Amzn-SageMaker-New-Session-Id": "s1; Expires=2026-01-02T03:04:05Z",
      "X-Amzn-SageMaker-Closed-Session-Id": "s0",
      "X-Amzn-SageMaker-Custom-Attributes": "answer",
      "X-Other": "dropped",
    };
    const container = () => ({ headers, body: "x" });
    await using endpoint = await startLocalEndpoint({ variants: [{ name: "a", weight: 1, container }] });
    const whole = await invoke(endpoint.url);
    expect(whole.headers).toMatchObject({
      "x-amzn-sagemaker-new-session-id": "s1; Expires=2026-01-02T03:04:05Z",
      "x-amzn-sagemaker-closed-session-id": "s0",
      "x-amzn-sagemaker-custom-attributes": "answer",
    });
    expect(whole.headers).not.toHaveProperty("x-other");
    const stream = await invoke(endpoint.url, { path: "/endpoints/churn/invocations-response-stream" });
    expect(stream.headers["x-amzn-sagemaker-custom-attributes"]).toBe("answer");
    expect(stream.headers).not.toHaveProperty("x-amzn-sagemaker-new-session-id");
  });
});
