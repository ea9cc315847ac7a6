import type { HttpResponse } from "../http.ts";
import type { DeserializeContext } from "../operations/operation.ts";
import type { OutputWithMetadata } from "../types.ts";
import type { OutputDraft } from "./body-format.ts";
import { metadataOf } from "./metadata.ts";
import type { BoundShape } from "./shape.ts";

/** The output of an accepted answer. A header that the answer does not have leaves its member out. */
export function deserializeResponse(
  shape: BoundShape,
  response: HttpResponse,
  context: DeserializeContext,
): OutputWithMetadata {
  const output: OutputDraft = { $metadata: metadataOf(response) };
  shape.body.read(output, response, context);
  for (const member of shape.output) {
    const value = response.headers[member.header];
    if (value !== undefined) output[member.name] = value;
  }
  return output;
}
