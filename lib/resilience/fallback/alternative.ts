import type { Call } from "../../call.ts";
import { NEW_SESSION } from "../../protocol/rules.ts";
import { membersOf } from "../../protocol/shape.ts";
import { type TargetInput, targetOf } from "../../target.ts";
import type { FallbackCause, FallbackKind } from "./metadata.ts";
import type { AnswerAlternative, FallbackAnswer, FallbackClient, FallbackReasons } from "./options.ts";

interface Common {
  /** Its place in the list. */
  readonly index: number;
  readonly kind: FallbackKind;
  readonly name: string;
  readonly on: FallbackReasons;
}

/** An alternative that sends the call, and where to. */
export interface SentAlternative extends Common {
  readonly kind: Exclude<FallbackKind, "function" | "constant">;
  readonly endpoint: string | undefined;
  readonly variant: string | undefined;
  readonly component: string | undefined;
  /** `undefined` where it is this one. */
  readonly client: (() => FallbackClient) | undefined;
}

/** An alternative that asks a function. */
export interface FunctionAlternative extends Common {
  readonly kind: "function";
  readonly answer: Exclude<AnswerAlternative["answer"], FallbackAnswer>;
}

/** An alternative that is the answer. */
export interface ConstantAlternative extends Common {
  readonly kind: "constant";
  readonly answer: FallbackAnswer;
}

/** One of the list, checked. */
export type Alternative = SentAlternative | FunctionAlternative | ConstantAlternative;

export function isTriggered({ on }: Alternative, error: Error, cause: FallbackCause): boolean {
  return typeof on === "function" ? on(error) : (on as readonly string[]).includes(cause);
}

/**
 * Whether an alternative may answer this call, as far as the call goes: what may have run and must not run twice is
 * sent nowhere else, and who has a session has it at its endpoint.
 */
export function isOpenTo(alternative: Alternative, call: Call, input: object): boolean {
  if (alternative.kind === "function") return true;
  const isAsync = call.operation.name === "InvokeEndpointAsync";
  if (alternative.kind === "constant") return "Body" in alternative.answer !== isAsync;
  if (!call.isRepeatable && call.mayHaveExecuted()) return false;
  const { kind } = alternative;
  const isWithin = kind === "variant" || kind === "component";
  const session = membersOf(input).SessionId ?? undefined;
  if (session !== undefined && !(isWithin && session === NEW_SESSION)) return false;
  if (isWithin && isAsync) return false;
  if (kind === "variant" && call.target.component !== undefined) return false;
  return kind === "client" || targetOf(inputFor(alternative, input)).key !== call.target.key;
}

/** The input of the call as it goes to the alternative. */
export function inputFor(
  { endpoint, variant, component }: SentAlternative,
  input: object,
): object & TargetInput {
  if (endpoint === undefined && variant === undefined && component === undefined) return input;
  const { EndpointName } = input as TargetInput;
  return {
    ...input,
    EndpointName: endpoint ?? EndpointName,
    TargetVariant: variant,
    InferenceComponentName: component,
  };
}
