import type { SageMakerRuntimeClientConfig } from "@aws-sdk/client-sagemaker-runtime";
import type { Answer, Target } from "../client.ts";

/** Sends one body with the official client. */
export interface OfficialClient {
  send(body: Uint8Array, abortSignal?: AbortSignal): Promise<Answer>;
  destroy(): void;
}

/** Opens the official client as its users do, for the peers that are it or stand on it. */
export async function openOfficialClient(
  { origin, region, credentials, endpointName, contentType }: Target,
  config: SageMakerRuntimeClientConfig,
): Promise<OfficialClient> {
  const { InvokeEndpointCommand, SageMakerRuntimeClient } = await import("@aws-sdk/client-sagemaker-runtime");
  const sageMaker = new SageMakerRuntimeClient({ region, credentials, endpoint: origin, ...config });
  return {
    async send(body, abortSignal) {
      const command = new InvokeEndpointCommand({
        EndpointName: endpointName,
        ContentType: contentType,
        Body: body,
      });
      const output = await sageMaker.send(command, abortSignal && { abortSignal });
      return { status: output.$metadata.httpStatusCode ?? 0, body: output.Body };
    },
    destroy: () => sageMaker.destroy(),
  };
}

/** The default handler with as many sockets as every other client has; its own default is 50. */
export function nodeHandlerOptions({ maxSockets }: Pick<Target, "maxSockets">): SageMakerRuntimeClientConfig {
  return { requestHandler: { httpAgent: { maxSockets }, httpsAgent: { maxSockets } } };
}
