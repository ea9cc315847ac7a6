import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AuthenticationError } from "../../lib/local/auth/authentication-error.ts";
import { Verifier } from "../../lib/local/auth/verifier.ts";
import { type LocalEndpoint, startLocalEndpoint } from "../../lib/local/index.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { errorOf, invoke, type RequestSpec, send, signedHeaders } from "./support/signed-request.ts";

const REFUSED = "The request signature we calculated does not match";

describe("authentication over the wire", () => {
  let endpoint: LocalEndpoint;

  beforeAll(async () => {
    endpoint = await startLocalEndpoint();
  });
  afterAll(() => endpoint.close());

  async function refusal(spec: Partial<RequestSpec>) {
    const { status, code, Message } = errorOf(await invoke(endpoint.url, spec)) as Record<string, unknown>;
    return { status, code, message: String(Message) };
  }

  it("accepts a request signed with the endpoint's credentials, in any region", async () => {
    for (const region of ["eu-west-1", "us-east-1", "moon-base-1"]) {
      expect((await invoke(endpoint.url, { region })).status).toBe(200);
    }
  });

  it("refuses a request without a signature", async () => {
    const answer = await refusal({ tamper: (headers) => delete headers.authorization });
    expect(answer).toEqual({
      status: 403,
      code: "MissingAuthenticationTokenException",
      message: "Missing Authentication Token",
    });
  });

  it.each([
    ["another scheme", "Bearer abc", "AWS4-HMAC-SHA256"],
    [
      "no parameters",
      "AWS4-HMAC-SHA256 nothing",
      "requires 'Credential' parameter. Authorization header requires",
    ],
    [
      "a credential without scope",
      "AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=00",
      "Signature",
    ],
    [
      "a scope that is too short",
      `AWS4-HMAC-SHA256 Credential=local/eu-west-1, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      "Credential must have the form",
    ],
  ])("calls %s incomplete", async (_case, authorization, part) => {
    const answer = await refusal({
      tamper: (headers) => {
        headers.authorization = authorization;
      },
    });
    expect(answer).toMatchObject({ status: 403, code: "IncompleteSignature" });
    expect(answer.message).toContain(part);
  });

  it("refuses an access key that it does not know", async () => {
    const answer = await refusal({ credentials: { accessKeyId: "other", secretAccessKey: "local" } });
    expect(answer).toMatchObject({ status: 403, code: "UnrecognizedClientException" });
  });

  it("refuses a wrong secret, and does not show the right one", async () => {
    const right = { accessKeyId: "local", secretAccessKey: "the-right-secret" };
    await using own = await startLocalEndpoint({ credentials: right });
    const sent = { path: "/endpoints/churn/invocations", body: "1,2,3", signingDate: new Date() };
    const wrong = { ...right, secretAccessKey: "wrong" };
    const { status, headers, body } = await send(own.url, { ...sent, credentials: wrong });
    expect([status, headers["x-amzn-errortype"]]).toEqual([403, "InvalidSignatureException"]);
    expect(body.toString()).toContain(REFUSED);
    const { authorization } = await signedHeaders(own.url, { ...sent, credentials: right });
    const [, signature] = /Signature=([0-9a-f]{64})$/.exec(authorization!)!;
    // Whoever knew the signature would not need the secret.
    for (const secret of [right.secretAccessKey, signature!]) {
      expect(JSON.stringify(headers) + body.toString()).not.toContain(secret);
    }
  });

  it("refuses a header or body that was changed after it was signed", async () => {
    const header = await refusal({
      headers: { "x-amzn-sagemaker-target-variant": "a" },
      tamper: (headers) => {
        headers["x-amzn-sagemaker-target-variant"] = "b";
      },
    });
    expect(header).toMatchObject({ status: 403, code: "InvalidSignatureException" });
    const body = await refusal({
      headers: { "x-amz-content-sha256": "0".repeat(64) },
    });
    expect(body).toMatchObject({ status: 403, code: "InvalidSignatureException" });
    expect(body.message).toContain("x-amz-content-sha256");
  });

  it("refuses an x-amz header that is not signed", async () => {
    const answer = await refusal({
      tamper: (headers) => {
        headers["x-amz-extra"] = "1";
      },
    });
    expect(answer).toMatchObject({ status: 403, code: "InvalidSignatureException" });
    expect(answer.message).toContain("'x-amz-extra' must be a 'SignedHeader'");
  });

  it("refuses a signature scoped to another service", async () => {
    const answer = await refusal({ service: "s3" });
    expect(answer).toMatchObject({ status: 403, code: "InvalidSignatureException" });
    expect(answer.message).toContain("Credential should be scoped to correct service: 'sagemaker'");
  });

  it.each([
    ["expired", -6, "Signature expired: "],
    ["not yet current", 6, "Signature not yet current: "],
  ])("refuses a signature that is %s by more than 5 minutes", async (_case, minutes, message) => {
    const answer = await refusal({ signingDate: new Date(Date.now() + minutes * 60_000) });
    expect(answer).toMatchObject({ status: 403, code: "InvalidSignatureException" });
    expect(answer.message).toMatch(new RegExp(`^${message}\\d{8}T\\d{6}Z is .*5 min\\.\\)$`));
  });

  it("accepts a signature 4 minutes old", async () => {
    expect((await invoke(endpoint.url, { signingDate: new Date(Date.now() - 240_000) })).status).toBe(200);
  });

  it("refuses a session token unless it has been given one", async () => {
    const withToken = { accessKeyId: "local", secretAccessKey: "local", sessionToken: "t1" };
    expect(await refusal({ credentials: withToken })).toMatchObject({ code: "UnrecognizedClientException" });
    await using strict = await startLocalEndpoint({ credentials: withToken });
    expect((await invoke(strict.url, { credentials: withToken })).status).toBe(200);
    expect(errorOf(await invoke(strict.url))).toMatchObject({ code: "UnrecognizedClientException" });
  });

  it("answers S3's own codes in XML for the object store", async () => {
    const wrong = { accessKeyId: "local", secretAccessKey: "wrong" };
    const path = "/bucket/key";
    const answers = await Promise.all([
      send(endpoint.url, { method: "GET", path, service: "s3", credentials: wrong }),
      send(endpoint.url, {
        method: "GET",
        path,
        service: "s3",
        tamper: (headers) => delete headers.authorization,
      }),
      send(endpoint.url, { method: "GET", path, service: "sagemaker" }),
    ]);
    const codes = answers.map(({ status, body }) => [
      status,
      /<Code>(.*)<\/Code>/.exec(body.toString())?.[1],
    ]);
    expect(codes).toEqual([
      [403, "SignatureDoesNotMatch"],
      [403, "AccessDenied"],
      [400, "AuthorizationHeaderMalformed"],
    ]);
  });
});

describe("Verifier", () => {
  const credentials = {
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    sessionToken: "TOKENEXAMPLE",
  };
  const clock = new FakeClock(Date.UTC(2026, 0, 2, 3, 4, 5));
  const verifier = new Verifier(credentials, clock);

  /** Signatures made by the official JavaScript and Python clients, which agree. */
  function vector(path: string, body: string, signature: string, signedHeaders: string, extra = {}) {
    const scope = "AKIDEXAMPLE/20260102/us-east-1/sagemaker/aws4_request";
    const headers: Record<string, string> = {
      host: "runtime.sagemaker.us-east-1.amazonaws.com",
      "content-type": "application/json",
      "x-amz-date": "20260102T030405Z",
      "x-amz-security-token": "TOKENEXAMPLE",
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
      ...extra,
    };
    return { method: "POST", path, query: {}, headers, body: Buffer.from(body) };
  }

  it("accepts a signature without a header for the payload's hash", async () => {
    const request = vector(
      "/endpoints/my-endpoint/invocations",
      '{"inputs":"hi"}',
      "696081df217f22e36c5a64aa82617af736269aa534aa3d42efb1e2bea6e562dc",
      "content-type;host;x-amz-date;x-amz-security-token;x-amzn-sagemaker-target-variant",
      { "x-amzn-sagemaker-target-variant": "AllTraffic" },
    );
    await expect(verifier.verify(request, "sagemaker")).resolves.toEqual({ region: "us-east-1" });
  });

  it("encodes the path once more, as every service but S3 does", async () => {
    const request = vector(
      "/endpoints/my%20endpoint/invocations",
      "",
      "517bc6282360a4b082a123f6571ae8b8bc76915ed8cfb2082a71020497abc995",
      "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token",
      { "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    );
    await expect(verifier.verify(request, "sagemaker")).resolves.toEqual({ region: "us-east-1" });
  });

  it("refuses the same request once its body differs by one byte", async () => {
    const request = vector(
      "/endpoints/my-endpoint/invocations",
      '{"inputs":"hj"}',
      "696081df217f22e36c5a64aa82617af736269aa534aa3d42efb1e2bea6e562dc",
      "content-type;host;x-amz-date;x-amz-security-token;x-amzn-sagemaker-target-variant",
      { "x-amzn-sagemaker-target-variant": "AllTraffic" },
    );
    await expect(verifier.verify(request, "sagemaker")).rejects.toMatchObject({ failure: "wrongSignature" });
  });

  it("says which day it expected in the scope", async () => {
    const request = vector("/", "", "0".repeat(64), "host");
    request.headers["x-amz-date"] = "20260103T000405Z";
    const refused = verifier.verify(request, "sagemaker");
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError);
    await expect(refused).rejects.toThrow("'20260102' != '20260103'");
  });

  it("takes the moment of signing from Date where X-Amz-Date is absent", async () => {
    const request = vector("/", "", "0".repeat(64), "host;date;x-amz-security-token");
    delete request.headers["x-amz-date"];
    await expect(verifier.verify(request, "sagemaker")).rejects.toMatchObject({ failure: "incomplete" });
    request.headers.date = "Fri, 02 Jan 2026 03:04:05 GMT";
    await expect(verifier.verify(request, "sagemaker")).rejects.toMatchObject({ failure: "wrongSignature" });
  });
});
