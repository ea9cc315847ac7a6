import type { Handler, MiddlewareStack } from "@smithy/types";
import {
  type InvokeEndpointCommandInput,
  type InvokeEndpointCommandOutput,
  invokeEndpoint,
} from "./operations/invoke-endpoint.ts";
import {
  type InvokeEndpointAsyncCommandInput,
  type InvokeEndpointAsyncCommandOutput,
  invokeEndpointAsync,
} from "./operations/invoke-endpoint-async.ts";
import {
  type InvokeEndpointWithResponseStreamCommandInput,
  type InvokeEndpointWithResponseStreamCommandOutput,
  invokeEndpointWithResponseStream,
} from "./operations/invoke-endpoint-with-response-stream.ts";
import type { Operation } from "./operations/operation.ts";
import { checkIsObject } from "./protocol/validate-input.ts";
import { createStack } from "./stack.ts";
import type { OutputWithMetadata } from "./types.ts";

/** An input of any operation. */
export type ServiceInputTypes =
  | InvokeEndpointCommandInput
  | InvokeEndpointAsyncCommandInput
  | InvokeEndpointWithResponseStreamCommandInput;

/** An output of any operation. */
export type ServiceOutputTypes =
  | InvokeEndpointCommandOutput
  | InvokeEndpointAsyncCommandOutput
  | InvokeEndpointWithResponseStreamCommandOutput;

/**
 * One call to be made: `client.send(command)`. A command may be sent any number of times. It has the type of the AWS
 * SDK's commands, for what is written for any client of it, such as `mockClient` of `aws-sdk-client-mock`.
 */
export interface Command<Input extends object, Output extends OutputWithMetadata> {
  readonly input: Input;
  /**
   * Layers of this command alone, which run inside the client's of the same step. A command that has some
   * is composed when it is sent, which costs tens of microseconds.
   */
  readonly middlewareStack: MiddlewareStack<Input, Output>;
  /** Those of the AWS SDK's own packages have one, which is how the compiler tells that they are not this client's. */
  readonly schema?: undefined;
  /** @throws {TypeError} a command of this package is sent by a client of this package */
  resolveMiddleware(stack: unknown, configuration: unknown, options: unknown): Handler<Input, Output>;
}

/** A command of this package. */
export interface OwnCommand<Input extends object, Output extends OutputWithMetadata>
  extends Command<Input, Output> {
  readonly operation: Operation;
  /** {@link Command.middlewareStack} if anybody asked for it. Most commands have none. */
  readonly ownStack: MiddlewareStack<Input, Output> | undefined;
}

abstract class ServiceCommand<Input extends object, Output extends OutputWithMetadata>
  implements OwnCommand<Input, Output>
{
  abstract readonly operation: Operation;
  readonly input: Input;
  declare readonly schema?: undefined;
  #stack: MiddlewareStack<Input, Output> | undefined;

  /** @throws {InvalidInputError} without an input; what is in it is checked when the command is sent */
  constructor(input: Input) {
    checkIsObject(input);
    this.input = input;
  }

  get middlewareStack(): MiddlewareStack<Input, Output> {
    this.#stack ??= createStack<Input, Output>();
    return this.#stack;
  }

  get ownStack(): MiddlewareStack<Input, Output> | undefined {
    return this.#stack;
  }

  resolveMiddleware(_stack: unknown, _configuration: unknown, _options: unknown): Handler<Input, Output> {
    throw new TypeError(`${this.operation.name} is sent by the client of this package: client.send(command)`);
  }
}

/**
 * Asks a model and waits for its whole answer.
 *
 * Sending it throws, beside what every call may throw: `ValidationError`, `ModelError`,
 * `ModelNotReadyException`, `InternalFailure`, `ServiceUnavailable`, `InternalDependencyException`.
 */
export class InvokeEndpointCommand extends ServiceCommand<
  InvokeEndpointCommandInput,
  InvokeEndpointCommandOutput
> {
  readonly operation = invokeEndpoint;
}

/**
 * Queues a request whose result will be an S3 object.
 *
 * Sending it throws, beside what every call may throw: `ValidationError`, `InternalFailure`,
 * `ServiceUnavailable`.
 */
export class InvokeEndpointAsyncCommand extends ServiceCommand<
  InvokeEndpointAsyncCommandInput,
  InvokeEndpointAsyncCommandOutput
> {
  readonly operation = invokeEndpointAsync;
}

/**
 * Asks a model and hands out its answer while it is being made.
 *
 * Sending it throws, beside what every call may throw: `ValidationError`, `ModelError`, `InternalFailure`,
 * `ServiceUnavailable`. Reading the body throws `ModelStreamError` and `InternalStreamFailure`.
 */
export class InvokeEndpointWithResponseStreamCommand extends ServiceCommand<
  InvokeEndpointWithResponseStreamCommandInput,
  InvokeEndpointWithResponseStreamCommandOutput
> {
  readonly operation = invokeEndpointWithResponseStream;
}

/** A command of any operation, for a call that is handed to another client: it drags in no operation by its name. */
export class OperationCommand extends ServiceCommand<object, OutputWithMetadata> {
  readonly operation: Operation;

  constructor(operation: Operation, input: object) {
    super(input);
    this.operation = operation;
  }
}
