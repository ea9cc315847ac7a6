import { SageMakerRuntimeClient } from "./client.ts";
import {
  type Command,
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
} from "./commands.ts";
import type {
  InvokeEndpointCommandInput,
  InvokeEndpointCommandOutput,
} from "./operations/invoke-endpoint.ts";
import type {
  InvokeEndpointAsyncCommandInput,
  InvokeEndpointAsyncCommandOutput,
} from "./operations/invoke-endpoint-async.ts";
import type {
  InvokeEndpointWithResponseStreamCommandInput,
  InvokeEndpointWithResponseStreamCommandOutput,
} from "./operations/invoke-endpoint-with-response-stream.ts";
import type { SendCallback } from "./send-callback.ts";
import type { SendOptions } from "./send-options.ts";
import type { OutputWithMetadata } from "./types.ts";

type AnyOptions<Output extends OutputWithMetadata> = SendOptions | SendCallback<Output>;

/** The client with a method per operation, for those who prefer them to commands. */
export class SageMakerRuntime extends SageMakerRuntimeClient {
  /** @see {@link InvokeEndpointCommand} */
  invokeEndpoint(
    input: InvokeEndpointCommandInput,
    options?: SendOptions,
  ): Promise<InvokeEndpointCommandOutput>;
  invokeEndpoint(
    input: InvokeEndpointCommandInput,
    callback: SendCallback<InvokeEndpointCommandOutput>,
  ): void;
  invokeEndpoint(
    input: InvokeEndpointCommandInput,
    options: SendOptions,
    callback: SendCallback<InvokeEndpointCommandOutput>,
  ): void;
  invokeEndpoint(
    input: InvokeEndpointCommandInput,
    options?: AnyOptions<InvokeEndpointCommandOutput>,
    callback?: SendCallback<InvokeEndpointCommandOutput>,
  ) {
    return this.#sendWith(new InvokeEndpointCommand(input), options, callback);
  }

  /** @see {@link InvokeEndpointAsyncCommand} */
  invokeEndpointAsync(
    input: InvokeEndpointAsyncCommandInput,
    options?: SendOptions,
  ): Promise<InvokeEndpointAsyncCommandOutput>;
  invokeEndpointAsync(
    input: InvokeEndpointAsyncCommandInput,
    callback: SendCallback<InvokeEndpointAsyncCommandOutput>,
  ): void;
  invokeEndpointAsync(
    input: InvokeEndpointAsyncCommandInput,
    options: SendOptions,
    callback: SendCallback<InvokeEndpointAsyncCommandOutput>,
  ): void;
  invokeEndpointAsync(
    input: InvokeEndpointAsyncCommandInput,
    options?: AnyOptions<InvokeEndpointAsyncCommandOutput>,
    callback?: SendCallback<InvokeEndpointAsyncCommandOutput>,
  ) {
    return this.#sendWith(new InvokeEndpointAsyncCommand(input), options, callback);
  }

  /** @see {@link InvokeEndpointWithResponseStreamCommand} */
  invokeEndpointWithResponseStream(
    input: InvokeEndpointWithResponseStreamCommandInput,
    options?: SendOptions,
  ): Promise<InvokeEndpointWithResponseStreamCommandOutput>;
  invokeEndpointWithResponseStream(
    input: InvokeEndpointWithResponseStreamCommandInput,
    callback: SendCallback<InvokeEndpointWithResponseStreamCommandOutput>,
  ): void;
  invokeEndpointWithResponseStream(
    input: InvokeEndpointWithResponseStreamCommandInput,
    options: SendOptions,
    callback: SendCallback<InvokeEndpointWithResponseStreamCommandOutput>,
  ): void;
  invokeEndpointWithResponseStream(
    input: InvokeEndpointWithResponseStreamCommandInput,
    options?: AnyOptions<InvokeEndpointWithResponseStreamCommandOutput>,
    callback?: SendCallback<InvokeEndpointWithResponseStreamCommandOutput>,
  ) {
    return this.#sendWith(new InvokeEndpointWithResponseStreamCommand(input), options, callback);
  }

  #sendWith<Input extends object, Output extends OutputWithMetadata>(
    command: Command<Input, Output>,
    options: AnyOptions<Output> | undefined,
    callback: SendCallback<Output> | undefined,
  ): Promise<Output> | undefined {
    // Casts: which overload it is, the caller has said.
    if (callback === undefined) return this.send(command, options as SendOptions);
    this.send(command, options as SendOptions, callback);
    return undefined;
  }
}
