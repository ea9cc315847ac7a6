import type { CallResult, OutputWithMetadata } from "../types.ts";

const NO_BYTES = new Uint8Array(0);

/** What comes up the stack where this client has the output from elsewhere than an answer to this request. */
export function resultWith(output: OutputWithMetadata): CallResult {
  return { response: { statusCode: 200, headers: {}, body: NO_BYTES }, output };
}
