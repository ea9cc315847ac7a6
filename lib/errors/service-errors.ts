import type { ResponseMetadata } from "@smithy/types";
import { SageMakerRuntimeServiceException } from "./service-exception.ts";

/** What the service's API model lets each of its errors say. */
export interface ModelledExceptionOptions {
  readonly message?: string | undefined;
  /** The text as the service names it. An error that the service answered with has it as `message` alone. */
  readonly Message?: string | undefined;
  readonly $metadata: ResponseMetadata;
}

/** An error that the service's API model has. */
abstract class ModelledException extends SageMakerRuntimeServiceException {
  declare Message?: string | undefined;

  constructor(name: string, $fault: "client" | "server", options: ModelledExceptionOptions) {
    super({ name, $fault, message: options.message, $metadata: options.$metadata });
    if (options.Message !== undefined) this.Message = options.Message;
  }
}

/** The service refuses the input, or names an endpoint, variant or component that it does not have (400). */
export class ValidationError extends ModelledException {
  static override readonly shapeId: string = "com.amazonaws.sagemakerruntime#ValidationError";
  declare readonly name: "ValidationError";
  declare readonly $fault: "client";

  constructor(options: ModelledExceptionOptions) {
    super("ValidationError", "client", options);
  }
}

/** Members of {@link ModelError}. */
export interface ModelErrorOptions extends ModelledExceptionOptions {
  readonly OriginalStatusCode?: number | undefined;
  readonly OriginalMessage?: string | undefined;
  readonly LogStreamArn?: string | undefined;
}

/** The model's container answered with an error, or did not answer within 60 s (424). */
export class ModelError extends ModelledException {
  static override readonly shapeId: string = "com.amazonaws.sagemakerruntime#ModelError";
  declare readonly name: "ModelError";
  declare readonly $fault: "client";
  /** The container's status; 0: it did not answer within the service's 60 s. */
  OriginalStatusCode: number | undefined;
  /** What the container answered. */
  OriginalMessage: string | undefined;
  /** Where its log is. */
  LogStreamArn: string | undefined;

  constructor(options: ModelErrorOptions) {
    super("ModelError", "client", options);
    this.OriginalStatusCode = options.OriginalStatusCode;
    this.OriginalMessage = options.OriginalMessage;
    this.LogStreamArn = options.LogStreamArn;
  }
}

/** The model is being loaded, or a serverless variant is being provisioned: ask again later (429). */
export class ModelNotReadyException extends ModelledException {
  static override readonly shapeId: string = "com.amazonaws.sagemakerruntime#ModelNotReadyException";
  declare readonly name: "ModelNotReadyException";
  declare readonly $fault: "client";

  constructor(options: ModelledExceptionOptions) {
    super("ModelNotReadyException", "client", options);
  }
}

/** The service failed (500). */
export class InternalFailure extends ModelledException {
  static override readonly shapeId: string = "com.amazonaws.sagemakerruntime#InternalFailure";
  declare readonly name: "InternalFailure";
  declare readonly $fault: "server";

  constructor(options: ModelledExceptionOptions) {
    super("InternalFailure", "server", options);
  }
}

/** The service, or the variant behind it, is unavailable: ask again (503). */
export class ServiceUnavailable extends ModelledException {
  static override readonly shapeId: string = "com.amazonaws.sagemakerruntime#ServiceUnavailable";
  declare readonly name: "ServiceUnavailable";
  declare readonly $fault: "server";

  constructor(options: ModelledExceptionOptions) {
    super("ServiceUnavailable", "server", options);
  }
}

/** Something that the service depends on failed (530). */
export class InternalDependencyException extends ModelledException {
  static override readonly shapeId: string = "com.amazonaws.sagemakerruntime#InternalDependencyException";
  declare readonly name: "InternalDependencyException";
  declare readonly $fault: "server";

  constructor(options: ModelledExceptionOptions) {
    super("InternalDependencyException", "server", options);
  }
}

/** Members of {@link ModelStreamError}. */
export interface ModelStreamErrorOptions extends ModelledExceptionOptions {
  readonly ErrorCode?: string | undefined;
}

/** The model broke its response stream: `ModelInvocationTimeExceeded` or `StreamBroken` (in the stream). */
export class ModelStreamError extends ModelledException {
  static override readonly shapeId: string = "com.amazonaws.sagemakerruntime#ModelStreamError";
  declare readonly name: "ModelStreamError";
  declare readonly $fault: "client";
  ErrorCode: string | undefined;

  constructor(options: ModelStreamErrorOptions) {
    super("ModelStreamError", "client", options);
    this.ErrorCode = options.ErrorCode;
  }
}

/** The service broke the response stream: ask again (in the stream). */
export class InternalStreamFailure extends ModelledException {
  static override readonly shapeId: string = "com.amazonaws.sagemakerruntime#InternalStreamFailure";
  declare readonly name: "InternalStreamFailure";
  declare readonly $fault: "server";

  constructor(options: ModelledExceptionOptions) {
    super("InternalStreamFailure", "server", options);
  }
}
