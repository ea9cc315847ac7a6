import type { ResponseMetadata, RetryableTrait } from "@smithy/types";
import type { AttemptRecord } from "../attempt.ts";
import type { HttpResponse } from "../http.ts";

/** What a service exception is made from. */
export interface ServiceExceptionOptions {
  readonly message?: string | undefined;
  readonly $metadata: ResponseMetadata;
}

/**
 * An answer of the service, or an event in its stream, that says that the call failed. Modelled errors have
 * a class each; any other error code is an instance of this class with the code as its `name`.
 *
 * `instanceof` also holds for the same error made by another copy of this package or by the official
 * client, which has classes of the same names.
 */
export class SageMakerRuntimeServiceException extends Error {
  /** Whose fault the service says it is. */
  readonly $fault: "client" | "server";
  /** Request id, status and attempts of the call that failed. */
  $metadata: ResponseMetadata;
  /** The response behind the error. Not enumerable, so that no log prints its body. */
  declare readonly $response?: HttpResponse;
  /** The official client's field for layers that mark an error; this client decides by kind of failure. */
  declare readonly $retryable?: RetryableTrait;
  /** What happened at each try, oldest first. */
  declare attempts: readonly AttemptRecord[];
  /** Whether the model may have run for this call. */
  declare mayHaveExecuted: boolean;
  /** What the alternatives that were asked after it failed with, in their order; left out where none was. */
  declare fallbackErrors?: readonly Error[];

  constructor(name: string, fault: "client" | "server", options: ServiceExceptionOptions) {
    super(options.message ?? "UnknownError");
    this.name = name;
    this.$fault = fault;
    this.$metadata = options.$metadata;
    addCallFields(this);
    Object.defineProperty(this, "$response", { value: undefined, writable: true, enumerable: false });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    if (Object.prototype.isPrototypeOf.call(this.prototype, value)) return true;
    if (!("$fault" in value && "$metadata" in value)) return false;
    return this === SageMakerRuntimeServiceException || ("name" in value && value.name === this.name);
  }
}

/**
 * Gives an error the fields that every error of a call has. Not enumerable: `console.log(error)` shows the
 * error itself first, and the history on request.
 */
export function addCallFields(error: Error): void {
  Object.defineProperty(error, "attempts", { value: [], writable: true, enumerable: false });
  Object.defineProperty(error, "mayHaveExecuted", { value: false, writable: true, enumerable: false });
}
