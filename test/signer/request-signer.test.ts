import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../lib/http.ts";
import { Sha256 } from "../../lib/sha256.ts";
import { RequestSigner } from "../../lib/signer/request-signer.ts";

const IDENTITY = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const TRACING = ["traceparent", "tracestate", "baggage"];

function request(headers: Record<string, string> = {}, path = "/endpoints/churn/invocations"): HttpRequest {
  return {
    method: "POST",
    protocol: "https:",
    hostname: "runtime.sagemaker.eu-west-1.amazonaws.com",
    path,
    query: {},
    headers: {
      host: "runtime.sagemaker.eu-west-1.amazonaws.com",
      "content-type": "text/csv",
      "x-amz-content-sha256": "ab".repeat(32),
      ...headers,
    },
    body: new Uint8Array(0),
  };
}

function withoutPayloadHash(): HttpRequest {
  const { "x-amz-content-sha256": _, ...headers } = request().headers;
  return { ...request(), headers };
}

type Identity = typeof IDENTITY & { sessionToken?: string };

async function reference(unsigned: HttpRequest, identity: Identity, date: number) {
  const signer = new SignatureV4({
    credentials: identity,
    region: "eu-west-1",
    service: "sagemaker",
    sha256: Sha256,
  });
  const options = { signingDate: new Date(date), unsignableHeaders: new Set(TRACING) };
  return (await signer.sign(unsigned, options)).headers;
}

/** Headers that SigV4 leaves out. */
const UNSIGNED = [
  "cache-control",
  "connection",
  "expect",
  "from",
  "keep-alive",
  "max-forwards",
  "pragma",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "x-amzn-trace-id",
];

const name = fc.oneof(
  fc.constantFrom(...UNSIGNED, ...TRACING),
  fc.constantFrom("x-tenant", "proxy-a", "sec-b", "a-proxy-b", "date", "X-Upper"),
  fc.constantFrom("authorization", "x-amz-date", "x-amz-security-token", "accept", "amz-sdk-request"),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
);
const value = fc.oneof(
  fc.stringMatching(/^[ -~]{0,60}$/),
  fc.constantFrom("", " ", " a ", "a  b", "a\tb", "a\r\nb", "\ta", "a \n", "é", "a\u00a0b"),
);
const path = fc.oneof(
  fc.stringMatching(/^\/endpoints\/[a-zA-Z0-9-]{1,63}\/invocations$/),
  fc.constantFrom("/", "/a//b", "/./a", "/a/../b", "/a/", "/a b", "/a%20b", "/base/.hidden/x", "/a/..."),
);
const identity = fc.record({
  accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
  secretAccessKey: fc.stringMatching(/^[A-Za-z0-9+/]{20,40}$/),
});

describe("the request signer", () => {
  it("signs to the byte like signature-v4, whatever headers, path, token and date there are", async () => {
    const signer = new RequestSigner("eu-west-1");
    const date = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });
    const token = fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,900}$/), { nil: undefined });
    const property = fc.asyncProperty(
      fc.dictionary(name, value, { maxKeys: 8 }),
      path,
      identity,
      token,
      date,
      async (headers, toPath, who, sessionToken, at) => {
        const credentials = sessionToken === undefined ? who : { ...who, sessionToken };
        const signed = await signer.sign(request(headers, toPath), credentials, at);
        expect(signed.headers).toEqual(await reference(request(headers, toPath), credentials, at));
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  it("signs to the byte like signature-v4 when one request differs from the one before in a few values", async () => {
    const signer = new RequestSigner("eu-west-1");
    const text = fc.constantFrom("aaaa", "bbbb", "cc", "", "a  b", " a", "é", "ab\tc");
    const hash = fc.constantFrom("ab".repeat(32), "cd".repeat(32));
    const step = fc.record({
      headers: fc.record({ "x-first": text, "x-last": text, "x-amz-content-sha256": hash }),
      toPath: fc.constantFrom("/endpoints/a/invocations", "/endpoints/b/invocations", "/a//b"),
    });
    const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      for (const { headers, toPath } of steps) {
        const signed = await signer.sign(request(headers, toPath), IDENTITY, NOW);
        expect(signed.headers).toEqual(await reference(request(headers, toPath), IDENTITY, NOW));
      }
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it("needs no promise for what this client sends", () => {
    const signed = new RequestSigner("eu-west-1").sign(request(), IDENTITY, NOW);
    expect(signed).not.toBeInstanceOf(Promise);
  });

  it.each([
    ["a query", { ...request(), query: { a: "1" } }],
    ["a payload whose hash a layer has taken out", withoutPayloadHash()],
    ["a path to be encoded", request({}, "/endpoints/my%20endpoint/invocations")],
    ["an untidy header", request({ "x-tenant": "a  b" })],
    ["a header in upper case", request({ "X-Tenant": "a" })],
  ])("hands %s over to signature-v4", async (_what, unsigned) => {
    const signed = new RequestSigner("eu-west-1").sign(unsigned, IDENTITY, NOW);
    expect(signed).toBeInstanceOf(Promise);
    expect((await signed).headers).toEqual(await reference(unsigned, IDENTITY, NOW));
  });

  it("leaves the request as it was: attempts may overlap", async () => {
    const unsigned = request();
    await new RequestSigner("eu-west-1").sign(unsigned, IDENTITY, NOW);
    expect(unsigned).toEqual(request());
  });

  it("uses new credentials, a new second and a new day at once", async () => {
    const signer = new RequestSigner("eu-west-1");
    const other = { accessKeyId: "AKIDOTHER", secretAccessKey: "other" };
    for (const [who, at] of [
      [IDENTITY, NOW],
      [other, NOW],
      [other, NOW + 1_000],
      [IDENTITY, NOW + 1_000],
      [IDENTITY, NOW + 86_400_000],
      [IDENTITY, NOW],
    ] as const) {
      const signed = await signer.sign(request(), who, at);
      expect(signed.headers).toEqual(await reference(request(), who, at));
    }
  });
});
