import type { Operation } from "../../operations/operation.ts";
import type { OutputWithMetadata } from "../../types.ts";
import { show } from "../../validate.ts";
import type { FallbackAnswer } from "./options.ts";

/**
 * The output of a call that is answered with `answer`: like one that the service gave, and the caller's own.
 *
 * @throws {TypeError} for something that is no answer to the operation
 */
export function outputOf(answer: FallbackAnswer, operation: Operation): OutputWithMetadata {
  if (typeof answer !== "object" || answer === null) {
    throw new TypeError(`an alternative must answer with the members of an output, got ${kindOf(answer)}`);
  }
  const { Body, ...members } = answer;
  const output = { ...members, $metadata: metadataOf(answer) };
  if (operation.makeBody === undefined) return output;
  const body = operation.makeBody(Body, output.$metadata);
  if (body !== undefined) return { ...output, Body: body } as OutputWithMetadata;
  const kinds = operation.isStreaming ? "text, bytes or an async iterable of them" : "text or bytes";
  throw new TypeError(`the Body of an alternative's answer must be ${kinds}, got ${kindOf(Body)}`);
}

/** A function may hand out the output of another client, which has some. */
function metadataOf(answer: object): OutputWithMetadata["$metadata"] {
  const given = (answer as Partial<OutputWithMetadata>).$metadata;
  return typeof given === "object" ? { ...given } : {};
}

/** Never the value itself: it is an answer. */
function kindOf(value: unknown): string {
  return typeof value === "object" ? show(value) : `a value of type ${typeof value}`;
}
