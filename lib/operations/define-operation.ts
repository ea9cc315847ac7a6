import { deserializeResponse } from "../protocol/deserialize-response.ts";
import { mask } from "../protocol/mask.ts";
import { serializeRequest } from "../protocol/serialize-request.ts";
import { bindShape, type CommonInput, membersOf, type OperationShape } from "../protocol/shape.ts";
import { validateInput } from "../protocol/validate-input.ts";
import type { OutputWithMetadata } from "../types.ts";
import type { Operation } from "./operation.ts";

/**
 * An operation from its declaration. Call it with `@__PURE__`: a bundler then leaves out those that a program has no
 * command of, and all that reads their answers.
 */
export function defineOperation<Input extends CommonInput, Output extends OutputWithMetadata>(
  shape: OperationShape<Input, Output>,
): Operation {
  const bound = bindShape(shape);
  return {
    name: shape.name,
    isStreaming: shape.isStreaming,
    validate: (input) => validateInput(bound, input),
    serialize: (input, settings, hashed) => serializeRequest(bound, input, settings, hashed),
    deserialize: (response, context) => deserializeResponse(bound, response, context),
    makeBody: shape.body.make,
    peek: shape.body.peek,
    maskInput: (input) => mask(["EndpointName", "Body", ...Object.keys(shape.input)], input),
    maskOutput: (output) => mask(["Body", "InferenceId", ...Object.keys(shape.output)], output),
    isRepeatable: (input) => shape.isRepeatable(membersOf(input)),
  };
}
