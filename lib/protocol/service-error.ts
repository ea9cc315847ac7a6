import type { ResponseMetadata } from "@smithy/types";
import {
  InternalDependencyException,
  InternalFailure,
  InternalStreamFailure,
  ModelError,
  type ModelledExceptionOptions,
  ModelNotReadyException,
  ModelStreamError,
  ServiceUnavailable,
  ValidationError,
} from "../errors/service-errors.ts";
import { SageMakerRuntimeServiceException, withVisibleMessage } from "../errors/service-exception.ts";

/** Members of an error as they came in JSON. */
export type ErrorMembers = Readonly<Record<string, unknown>>;

type Construct = (
  options: ModelledExceptionOptions,
  members: ErrorMembers,
) => SageMakerRuntimeServiceException;

/** The errors that the service's API model has, by code. */
const MODELLED: ReadonlyMap<string, Construct> = new Map<string, Construct>([
  ["ValidationError", (options) => new ValidationError(options)],
  ["ModelError", modelError],
  ["ModelNotReadyException", (options) => new ModelNotReadyException(options)],
  ["InternalFailure", (options) => new InternalFailure(options)],
  ["ServiceUnavailable", (options) => new ServiceUnavailable(options)],
  ["InternalDependencyException", (options) => new InternalDependencyException(options)],
  [
    "ModelStreamError",
    (options, members) => new ModelStreamError({ ...options, ErrorCode: textOr(members.ErrorCode) }),
  ],
  ["InternalStreamFailure", (options) => new InternalStreamFailure(options)],
]);

/**
 * The exception for an error code: of its own class where the service's API model has one, otherwise of the
 * base class with the code as its name. Members that the class does not have are copied onto it.
 */
export function createServiceError(
  code: string,
  message: string,
  members: ErrorMembers,
  $metadata: ResponseMetadata,
): SageMakerRuntimeServiceException {
  const options = { message, $metadata };
  const error = MODELLED.get(code)?.(options, members) ?? unmodelled(code, options);
  copyExtraMembers(error, members);
  return withVisibleMessage(error);
}

function modelError(options: ModelledExceptionOptions, members: ErrorMembers): ModelError {
  return new ModelError({
    ...options,
    OriginalStatusCode: integerOr(members.OriginalStatusCode),
    OriginalMessage: textOr(members.OriginalMessage),
    LogStreamArn: textOr(members.LogStreamArn),
  });
}

function unmodelled(name: string, options: ModelledExceptionOptions): SageMakerRuntimeServiceException {
  const $fault = (options.$metadata.httpStatusCode ?? 500) < 500 ? "client" : "server";
  return new SageMakerRuntimeServiceException({ ...options, name, $fault });
}

/** Never over anything that an error has, inherited or not, nor over `$` fields: the text comes from the network. */
function copyExtraMembers(error: SageMakerRuntimeServiceException, members: ErrorMembers): void {
  for (const [name, value] of Object.entries(members)) {
    if (name in error || name.startsWith("$") || RESERVED.has(name)) continue;
    Object.defineProperty(error, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

/** `Message` is the `message` that the error has already; `cause` says what this client knows. */
const RESERVED: ReadonlySet<string> = new Set(["Message", "cause"]);

function textOr(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A whole number, also where it was sent as text: what is retried depends on it. */
function integerOr(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) ? number : undefined;
}
