import type {
  Client,
  Command,
  GetOutputType,
  HttpHandlerOptions,
  MetadataBearer,
  MiddlewareStack,
} from "@smithy/types";
import { InvokeEndpointCommand, type InvokeEndpointCommandOutput, SageMakerRuntimeClient } from "holdfast";

/**
 * Tools that are written for any client of the AWS SDK, in the types that they have: they compile for this service with
 * either package. Nothing of it runs.
 */

// biome-ignore-start lint/suspicious/noExplicitAny: the tools have it in their types
/** As `mockClient` of `aws-sdk-client-mock`, which takes a client or its class. */
declare function mockClient<Input extends object, Output extends MetadataBearer, Config>(
  client: Client<Input, Output, Config> | { prototype: Client<Input, Output, Config> },
): Stub<Input, Output>;

type StubOf<C> = C extends Client<infer Input, infer Output, infer _Config> ? Stub<Input, Output> : never;

interface Stub<Input extends object, Output extends MetadataBearer> {
  on<I extends Input, O extends Output>(
    command: new (input: I) => Command<any, I, any, O, any>,
    input?: Partial<I>,
  ): { resolves(output: Partial<O>): void };
}

export function stubbed(client: SageMakerRuntimeClient): void {
  const stub: StubOf<SageMakerRuntimeClient> = mockClient(SageMakerRuntimeClient);
  for (const { on } of [stub, mockClient(client)]) {
    on(InvokeEndpointCommand, { EndpointName: "iris" }).resolves({ ContentType: "text/csv" });
  }
}

/** As a wrapper that adds a policy to whatever client it is given. */
async function sendWith<I extends object, O extends MetadataBearer, C extends Client<any, any, any>>(
  client: C,
  command: Command<any, I, any, O, any>,
  options?: HttpHandlerOptions,
): Promise<O> {
  (client.middlewareStack as MiddlewareStack<object, MetadataBearer>).identify();
  return client.send(command, options) as Promise<O>;
}

export async function wrapped(
  client: SageMakerRuntimeClient,
  options: HttpHandlerOptions,
): Promise<string[]> {
  const command = new InvokeEndpointCommand({ EndpointName: "iris", Body: "1" });
  const output: GetOutputType<typeof command> = await sendWith(client, command);
  const direct: InvokeEndpointCommandOutput = await client.send(command, options);
  return [output.Body.transformToString(), direct.Body.transformToString()];
}
// biome-ignore-end lint/suspicious/noExplicitAny: the tools have it in their types
