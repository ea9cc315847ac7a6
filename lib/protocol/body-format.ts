import type { HttpResponse } from "../http.ts";
import type { DeserializeContext } from "../operations/operation.ts";
import type { OutputWithMetadata } from "../types.ts";
import type { Payload } from "./payload.ts";

/** An output on its way: members are added to it one by one. */
export type OutputDraft = OutputWithMetadata & Record<string, unknown>;

/** What stands for the body of an answer that the service did not give: whole, or in parts as they come. */
export type GivenBody = Payload | AsyncIterable<Payload> | undefined;

/**
 * What is in the body of an operation's answers. The operation brings it along, so that a bundle of a program that
 * reads no event stream has none of the code for it.
 */
export interface BodyFormat {
  /** Adds what stands in the body of an accepted answer. */
  read(output: OutputDraft, response: HttpResponse, context: DeserializeContext): void;
  /**
   * The `Body` of an output that is answered with `given`; `undefined` where that cannot be one. Operations whose
   * outputs have no `Body` do not have this.
   */
  readonly make?: (given: GivenBody, $metadata: OutputWithMetadata["$metadata"]) => object | undefined;
  /** Waits for the first part of a body that is still arriving. */
  readonly peek?: (output: OutputWithMetadata) => Promise<void>;
}
