import { InvalidResponseError } from "../errors/local-errors.ts";
import type { HttpResponse } from "../http.ts";
import type { BodyFormat, GivenBody, OutputDraft } from "./body-format.ts";
import { parseObject } from "./json.ts";
import { isPayload, toBytes } from "./payload.ts";
import { ResponseBytes } from "./response-bytes.ts";

/** The model's own bytes as they are, empty where it sent none. */
export const BYTES_BODY: BodyFormat = { read: readBytes, make: makeBytes };

/** The one member that the service answers in JSON. An empty body leaves it out. */
export const INFERENCE_ID_BODY: BodyFormat = { read: readInferenceId };

function readBytes(output: OutputDraft, response: HttpResponse): void {
  output.Body = ResponseBytes.over(wholeBody(response));
}

function makeBytes(given: GivenBody): ResponseBytes | undefined {
  return isPayload(given) ? ResponseBytes.over(new Uint8Array(toBytes(given))) : undefined;
}

/** @throws {InvalidResponseError} for a body that is not a JSON object with a text in that member */
function readInferenceId(output: OutputDraft, response: HttpResponse): void {
  const bytes = wholeBody(response);
  if (bytes.byteLength === 0) return;
  const members = parseObject(bytes);
  const id = members?.InferenceId ?? undefined;
  if (members === undefined || (id !== undefined && typeof id !== "string")) {
    const error = new InvalidResponseError(
      'expected {"InferenceId": "..."} in the answer to InvokeEndpointAsync',
    );
    error.$metadata = output.$metadata;
    throw error;
  }
  if (id !== undefined) output.InferenceId = id;
}

/** The body of an answer that the transport reads to its end before it hands it out. */
function wholeBody(response: HttpResponse): Uint8Array {
  if (response.body instanceof Uint8Array) return response.body;
  throw new TypeError("the body of this operation's answer must be whole, got a stream");
}
