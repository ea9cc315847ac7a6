import { SageMakerRuntimeServiceException, type ServiceExceptionOptions } from "./service-exception.ts";

/** The service refuses the input, or names an endpoint, variant or component that it does not have (400). */
export class ValidationError extends SageMakerRuntimeServiceException {
  declare readonly name: "ValidationError";
  declare readonly $fault: "client";
  declare Message?: string | undefined;

  constructor(options: ServiceExceptionOptions) {
    super("ValidationError", "client", options);
  }
}

/** Members of {@link ModelError}. */
export interface ModelErrorOptions extends ServiceExceptionOptions {
  readonly OriginalStatusCode?: number | undefined;
  readonly OriginalMessage?: string | undefined;
  readonly LogStreamArn?: string | undefined;
}

/** The model's container answered with an error, or did not answer within 60 s (424). */
export class ModelError extends SageMakerRuntimeServiceException {
  declare readonly name: "ModelError";
  declare readonly $fault: "client";
  declare Message?: string | undefined;
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
export class ModelNotReadyException extends SageMakerRuntimeServiceException {
  declare readonly name: "ModelNotReadyException";
  declare readonly $fault: "client";
  declare Message?: string | undefined;

  constructor(options: ServiceExceptionOptions) {
    super("ModelNotReadyException", "client", options);
  }
}

/** The service failed (500). */
export class InternalFailure extends SageMakerRuntimeServiceException {
  declare readonly name: "InternalFailure";
  declare readonly $fault: "server";
  declare Message?: string | undefined;

  constructor(options: ServiceExceptionOptions) {
    super("InternalFailure", "server", options);
  }
}

/** The service, or the variant behind it, is unavailable: ask again (503). */
export class ServiceUnavailable extends SageMakerRuntimeServiceException {
  declare readonly name: "ServiceUnavailable";
  declare readonly $fault: "server";
  declare Message?: string | undefined;

  constructor(options: ServiceExceptionOptions) {
    super("ServiceUnavailable", "server", options);
  }
}

/** Something that the service depends on failed (530). */
export class InternalDependencyException extends SageMakerRuntimeServiceException {
  declare readonly name: "InternalDependencyException";
  declare readonly $fault: "server";
  declare Message?: string | undefined;

  constructor(options: ServiceExceptionOptions) {
    super("InternalDependencyException", "server", options);
  }
}

/** Members of {@link ModelStreamError}. */
export interface ModelStreamErrorOptions extends ServiceExceptionOptions {
  readonly ErrorCode?: string | undefined;
}

/** The model broke its response stream: `ModelInvocationTimeExceeded` or `StreamBroken` (in the stream). */
export class ModelStreamError extends SageMakerRuntimeServiceException {
  declare readonly name: "ModelStreamError";
  declare readonly $fault: "client";
  declare Message?: string | undefined;
  ErrorCode: string | undefined;

  constructor(options: ModelStreamErrorOptions) {
    super("ModelStreamError", "client", options);
    this.ErrorCode = options.ErrorCode;
  }
}

/** The service broke the response stream: ask again (in the stream). */
export class InternalStreamFailure extends SageMakerRuntimeServiceException {
  declare readonly name: "InternalStreamFailure";
  declare readonly $fault: "server";
  declare Message?: string | undefined;

  constructor(options: ServiceExceptionOptions) {
    super("InternalStreamFailure", "server", options);
  }
}
