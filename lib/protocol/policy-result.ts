import type { Call } from "../call.ts";
import type { CallResult } from "../types.ts";
import { show } from "../validate.ts";
import { resultWith } from "./local-answer.ts";
import { isPayload } from "./payload.ts";

/** What came from below, or a value of the policy's own in the shape of it: text and bytes read as the service's do. */
export function policyResult(value: unknown, call: Call): CallResult {
  if (isResult(value)) return value;
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`a policy must answer with an output of the command, got ${show(value)}`);
  }
  // What the policy answers itself, no attempt has decided: least of all the one that failed.
  call.decidedBy = undefined;
  const output = { $metadata: {}, ...value };
  const { makeBody } = call.operation;
  const body =
    "Body" in value && isPayload(value.Body) ? makeBody?.(value.Body, output.$metadata) : undefined;
  return resultWith(body === undefined ? output : Object.assign(output, { Body: body }));
}

function isResult(value: unknown): value is CallResult {
  return typeof value === "object" && value !== null && "response" in value && "output" in value;
}
