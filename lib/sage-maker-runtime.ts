import { SageMakerRuntimeClient } from "./client.ts";
import {
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
import type { SendOptions } from "./send-options.ts";

/** The client with a method per operation, for those who prefer them to commands. */
export class SageMakerRuntime extends SageMakerRuntimeClient {
  /** @see {@link InvokeEndpointCommand} */
  invokeEndpoint(
    input: InvokeEndpointCommandInput,
    options?: SendOptions,
  ): Promise<InvokeEndpointCommandOutput> {
    return this.send(new InvokeEndpointCommand(input), options);
  }

  /** @see {@link InvokeEndpointAsyncCommand} */
  invokeEndpointAsync(
    input: InvokeEndpointAsyncCommandInput,
    options?: SendOptions,
  ): Promise<InvokeEndpointAsyncCommandOutput> {
    return this.send(new InvokeEndpointAsyncCommand(input), options);
  }

  /** @see {@link InvokeEndpointWithResponseStreamCommand} */
  invokeEndpointWithResponseStream(
    input: InvokeEndpointWithResponseStreamCommandInput,
    options?: SendOptions,
  ): Promise<InvokeEndpointWithResponseStreamCommandOutput> {
    return this.send(new InvokeEndpointWithResponseStreamCommand(input), options);
  }
}
