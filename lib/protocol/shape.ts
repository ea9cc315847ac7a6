import type { BlobPayloadInputTypes } from "@smithy/types";
import type { Operation } from "../operations/operation.ts";
import type { OutputWithMetadata } from "../types.ts";
import type { BodyFormat } from "./body-format.ts";
import type { Rule } from "./rules.ts";

/** The members that every operation has, and has at the same place: in the path, and as the payload. */
export interface CommonInput {
  EndpointName: string | undefined;
  Body?: BlobPayloadInputTypes;
}

/** Where a member of the input goes, and what it may be. */
export interface HeaderBinding {
  /** In lower case. */
  readonly header: string;
  readonly rule: Rule;
}

/** Everything about an operation that the interpreter does not know by itself, as data. */
export interface OperationShape<Input extends CommonInput, Output extends OutputWithMetadata> {
  readonly name: Operation["name"];
  /** Last segment of the path, after `/endpoints/NAME/`. */
  readonly path: string;
  readonly isStreaming: boolean;
  /** Whether `Body` must be given, and the most bytes that the service's API model allows it here. */
  readonly payload: { readonly isRequired: boolean; readonly maxBytes: number };
  readonly input: { readonly [Name in Exclude<keyof Input, keyof CommonInput> & string]-?: HeaderBinding };
  /** Rules over more than one member; throws an InvalidInputError. */
  readonly validateTogether?: (input: Readonly<Record<string, unknown>>) => void;
  readonly isRepeatable: (input: Readonly<Record<string, unknown>>) => boolean;
  /** Header, in lower case, that each member of the output is read from. */
  readonly output: { readonly [Name in keyof Output & string as HeaderOf<Name>]-?: string };
  readonly body: BodyFormat;
}

/** The members of an output that stand in a header: all but these. */
type HeaderOf<Name> = Name extends "Body" | "InferenceId" | "$metadata" ? never : Name;

/** A member of the input with its binding. */
export interface BoundMember extends HeaderBinding {
  readonly name: string;
}

/** A shape made ready for the interpreter: tables as arrays, look-ups as sets. */
export interface BoundShape {
  readonly name: Operation["name"];
  readonly path: string;
  readonly payload: { readonly isRequired: boolean; readonly maxBytes: number };
  readonly input: readonly BoundMember[];
  readonly inputNames: ReadonlySet<string>;
  readonly validateTogether: ((input: Readonly<Record<string, unknown>>) => void) | undefined;
  readonly output: readonly { readonly name: string; readonly header: string }[];
  readonly body: BodyFormat;
}

export function bindShape<Input extends CommonInput, Output extends OutputWithMetadata>(
  shape: OperationShape<Input, Output>,
): BoundShape {
  const input = Object.entries<HeaderBinding>(shape.input).map(([name, binding]) => ({ name, ...binding }));
  return {
    name: shape.name,
    path: shape.path,
    payload: shape.payload,
    input,
    inputNames: new Set(["EndpointName", "Body", ...Object.keys(shape.input)]),
    validateTogether: shape.validateTogether,
    output: Object.entries<string>(shape.output).map(([name, header]) => ({ name, header })),
    body: shape.body,
  };
}

/** An input's members by name, as tables ask for them. */
export function membersOf(input: object): Readonly<Record<string, unknown>> {
  return input as Readonly<Record<string, unknown>>;
}
