/** The account that messages and log names speak of: AWS's own example account. */
export const ACCOUNT_ID = "123456789012";

/** The container of a variant as the service calls it in messages. */
const CONTAINER = "primary";

/** Longest text of a container that an error repeats: the model's limit for a message. */
const MAX_MESSAGE_CHARACTERS = 2048;

/** What one error answer is made from, beside status and code. */
export interface ServiceErrorDetails {
  /** Members of the JSON body besides `Message`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error answer of the service: status, `x-amzn-ErrorType` and a JSON body with its members. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: ServiceErrorDetails;

  constructor(status: number, code: string, message: string, details: ServiceErrorDetails = {}) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export function validationError(message: string): ServiceError {
  return new ServiceError(400, "ValidationError", message);
}

/** Whom a model error is about. */
export interface ModelErrorSubject {
  readonly endpointName: string;
  readonly region: string;
}

/** The container answered with a status that is not a success. */
export function containerStatusError(
  { endpointName, region }: ModelErrorSubject,
  status: number,
  answered: string,
): ServiceError {
  const original = answered.slice(0, MAX_MESSAGE_CHARACTERS);
  const isClientError = status >= 400 && status < 500;
  const group = `/aws/sagemaker/Endpoints/${endpointName}`;
  const message =
    `Received ${isClientError ? "client" : "server"} error (${status}) from ${CONTAINER} with message ` +
    `"${original}". See https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}` +
    `#logEventViewer:group=${group} in account ${ACCOUNT_ID} for more information.`;
  return new ServiceError(424, "ModelError", message.slice(0, MAX_MESSAGE_CHARACTERS), {
    members: {
      ...(isClientError ? { ErrorCode: "CLIENT_ERROR_FROM_MODEL" } : {}),
      LogStreamArn: `arn:aws:logs:${region}:${ACCOUNT_ID}:log-group:${group}`,
      OriginalMessage: original,
      OriginalStatusCode: status,
    },
  });
}

/** The container did not answer in time: status 0. */
export function containerTimeoutError(subject: ModelErrorSubject): ServiceError {
  const said = `Your invocation timed out while waiting for a response from container ${CONTAINER}.`;
  return containerStatusError(subject, 0, said);
}

/** The container cannot be reached, or broke off: status 0. */
export function containerUnreachableError(subject: ModelErrorSubject): ServiceError {
  const said = `Amazon SageMaker could not get a response from the ${subject.endpointName} endpoint.`;
  return containerStatusError(subject, 0, said);
}

/** The container's answer is above the limit: the service says 413. */
export function answerTooLargeError(subject: ModelErrorSubject, maxBodyBytes: number): ServiceError {
  const said = `could not load the entire response body: it is above ${maxBodyBytes} bytes`;
  return containerStatusError(subject, 413, said);
}

/** The service's own sentence for a model or variant that is still being provisioned. */
export const NOT_READY_MESSAGE =
  "Either a serverless endpoint variant's resources are still being provisioned, or a multi-model endpoint " +
  "is still downloading or loading the target model. Wait and try your request again.";

export function modelNotReady(message = NOT_READY_MESSAGE): ServiceError {
  return new ServiceError(429, "ModelNotReadyException", message);
}

export function serviceUnavailable(): ServiceError {
  return new ServiceError(503, "ServiceUnavailable", "The service is unavailable. Try your call again.");
}

/** The service's message and code for a stream that took too long, and for one that broke. */
export const STREAM_ERRORS = {
  ModelInvocationTimeExceeded: `Your model ${CONTAINER} did not complete sending the inference response in the allotted time.`,
  StreamBroken: `Your model ${CONTAINER} broke off the inference response.`,
} as const;
