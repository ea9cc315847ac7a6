import type { HttpRequest as SmithyHttpRequest } from "@smithy/types";
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../lib/http.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { signed } from "../support/signing.ts";
import { SETTINGS } from "../support/wire.ts";

/** The moment of the vectors, which were computed with the official JavaScript and Python SDKs and agree. */
const AT = new Date("2026-01-02T03:04:05Z");

function request(members: object): HttpRequest {
  return invokeEndpoint.serialize({ ContentType: "application/json", ...members }, SETTINGS);
}

function signatureOf({ headers }: SmithyHttpRequest): string | undefined {
  return /Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? "")?.[1];
}

describe("SigV4 over a serialized InvokeEndpoint", () => {
  const HELLO = { EndpointName: "my-endpoint", Body: '{"inputs":"hi"}', TargetVariant: "AllTraffic" };

  it("is the signature of the vector", async () => {
    expect(signatureOf(await signed(request(HELLO), AT, ["content-length"]))).toBe(
      "b3bf2b22d2f7327082fd62e04cf97c61131ebab3959b6c3000ed466af8a5c71e",
    );
  });

  it("is the signature of the vector that leaves the payload's hash out of the signed headers", async () => {
    expect(signatureOf(await signed(request(HELLO), AT, ["content-length", "x-amz-content-sha256"]))).toBe(
      "696081df217f22e36c5a64aa82617af736269aa534aa3d42efb1e2bea6e562dc",
    );
  });

  it("is the signature of the vector whose path is encoded twice and whose body is empty", async () => {
    const spaced = request({ EndpointName: "my endpoint", Body: "" });
    expect(spaced.path).toBe("/endpoints/my%20endpoint/invocations");
    expect(signatureOf(await signed(spaced, AT))).toBe(
      "517bc6282360a4b082a123f6571ae8b8bc76915ed8cfb2082a71020497abc995",
    );
  });
});
