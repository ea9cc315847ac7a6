import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../lib/http.ts";
import { invokeEndpoint } from "../../lib/operations/invoke-endpoint.ts";
import { invokeEndpointAsync } from "../../lib/operations/invoke-endpoint-async.ts";
import { invokeEndpointWithResponseStream } from "../../lib/operations/invoke-endpoint-with-response-stream.ts";
import type { Operation } from "../../lib/operations/operation.ts";
import { INPUTS } from "../support/inputs.ts";
import { callOfficialClient } from "../support/official-client.ts";
import { comparable } from "../support/official-wire.ts";
import { dateOf, signed } from "../support/signing.ts";
import { SETTINGS } from "../support/wire.ts";

const OPERATIONS: Operation[] = [invokeEndpoint, invokeEndpointAsync, invokeEndpointWithResponseStream];

/** Headers that name the official client; given to ours as its own, so that the signatures can be compared. */
const CLIENT_HEADERS = ["user-agent", "x-amz-user-agent", "amz-sdk-invocation-id", "amz-sdk-request"];

const ACCEPTED = { statusCode: 200, headers: {}, body: Buffer.from("{}") };

describe.each(OPERATIONS)("a request of $name", (operation) => {
  it("is the official client's to the last byte and signature, for every valid input", async () => {
    const property = fc.asyncProperty(INPUTS[operation.name], async (input) => {
      const { request: theirs } = await callOfficialClient(operation.name, input, ACCEPTED);
      operation.validate(input);
      const ours = operation.serialize(input, { ...SETTINGS, fixedHeaders: clientHeaders(theirs.headers) });
      const date = dateOf(theirs.headers["x-amz-date"]);
      expect(comparable(await signed(ours, date))).toEqual(comparable(theirs as HttpRequest));
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

function clientHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(CLIENT_HEADERS.map((name) => [name, headers[name] ?? ""]));
}
