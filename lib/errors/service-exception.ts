import type { MetadataBearer, ResponseMetadata, RetryableTrait, SmithyException } from "@smithy/types";
import type { AttemptRecord } from "../attempt.ts";
import type { HttpResponse } from "../http.ts";

/** What a service exception is made from: the official client's form. */
export interface ServiceExceptionOptions extends SmithyException, MetadataBearer {
  readonly message?: string | undefined;
}

/**
 * An answer of the service, or an event in its stream, that says that the call failed. Modelled errors have
 * a class each; any other error code is an instance of this class with the code as its `name`.
 *
 * `instanceof` also holds for the same error made by another copy of this package or by the official
 * client, and for nothing of another service.
 */
export class SageMakerRuntimeServiceException extends Error {
  /** Says to other copies of this package, and to the official client, which class this is. */
  static readonly shapeId: string =
    "smithy.ts.sdk.synthetic.com.amazonaws.sagemakerruntime#SageMakerRuntimeServiceException";
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

  constructor(options: ServiceExceptionOptions) {
    super(options.message);
    this.name = options.name;
    this.$fault = options.$fault;
    this.$metadata = options.$metadata;
    addCallFields(this);
    Object.defineProperty(this, "$response", { value: undefined, writable: true, enumerable: false });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    if (Object.prototype.isPrototypeOf.call(this.prototype, value)) return true;
    // A user's subclass inherits the id, and is another class all the same.
    return Object.hasOwn(this, "shapeId") && isOfShape(value, this.shapeId);
  }
}

/** Whether one of the value's classes has that id, and all of it is of this service. */
function isOfShape(value: object, shapeId: string): boolean {
  const ids = classIdsOf(value);
  const has = (id: string) => ids.includes(id) || ids.includes(id.slice(id.indexOf("#") + 1));
  return has(SageMakerRuntimeServiceException.shapeId) && has(shapeId);
}

/** The id of each class, or its name: earlier versions of the official client have no ids. */
function classIdsOf(value: object): unknown[] {
  const ids: unknown[] = [];
  for (let proto = Object.getPrototypeOf(value); proto !== null; proto = Object.getPrototypeOf(proto)) {
    const type: unknown = proto.constructor;
    if (typeof type === "function")
      ids.push(Object.hasOwn(type, "shapeId") ? Reflect.get(type, "shapeId") : type.name);
  }
  return ids;
}

/**
 * Gives an error the fields that every error of a call has. Not enumerable: `console.log(error)` shows the
 * error itself first, and the history on request.
 */
export function addCallFields(error: Error): void {
  Object.defineProperty(error, "attempts", { value: [], writable: true, enumerable: false });
  Object.defineProperty(error, "mayHaveExecuted", { value: false, writable: true, enumerable: false });
}

/** Makes `JSON.stringify(error)` say what happened, as the official client does for what the service answered. */
export function withVisibleMessage<T extends SageMakerRuntimeServiceException>(error: T): T {
  return Object.defineProperty(error, "message", { enumerable: true });
}
