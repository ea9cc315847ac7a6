import { InvalidResponseError } from "../errors/local-errors.ts";
import { ResponseStreamBody } from "../event-stream/response-stream.ts";
import type { HttpResponse } from "../http.ts";
import type { DeserializeContext } from "../operations/operation.ts";
import type { OutputWithMetadata } from "../types.ts";
import { parseObject } from "./json.ts";
import { metadataOf } from "./metadata.ts";
import { ResponseBytes } from "./response-bytes.ts";
import type { BoundShape, OutputDraft } from "./shape.ts";

/** The output of an accepted answer. A header that the answer does not have leaves its member out. */
export function deserializeResponse(
  shape: BoundShape,
  response: HttpResponse,
  context: DeserializeContext,
): OutputWithMetadata {
  const output: OutputDraft = { $metadata: metadataOf(response) };
  shape.readBody(output, response, context);
  for (const member of shape.output) {
    const value = response.headers[member.header];
    if (value !== undefined) output[member.name] = value;
  }
  return output;
}

/** Reads the body as it is: the model's own bytes, empty where it sent none. */
export function readBytes(output: OutputDraft, response: HttpResponse): void {
  output.Body = ResponseBytes.over(wholeBody(response));
}

/**
 * Reads the one member that the service answers in JSON. An empty body leaves it out.
 *
 * @throws {InvalidResponseError} for a body that is not a JSON object with a text in that member
 */
export function readInferenceId(output: OutputDraft, response: HttpResponse): void {
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

/** Opens the event stream that the body is. */
export function readEvents(output: OutputDraft, response: HttpResponse, context: DeserializeContext): void {
  const { body } = response;
  if (body instanceof Uint8Array) {
    throw new TypeError("the body of this operation's answer must be a stream, got bytes");
  }
  output.Body = new ResponseStreamBody(body, { $metadata: output.$metadata, mapError: context.mapError });
}

/** The body of an answer that the transport reads to its end before it hands it out. */
function wholeBody(response: HttpResponse): Uint8Array {
  if (response.body instanceof Uint8Array) return response.body;
  throw new TypeError("the body of this operation's answer must be whole, got a stream");
}
