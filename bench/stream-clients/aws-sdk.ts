import type { BenchClient, OpenStreamClient } from "../client.ts";
import { nodeHandlerOptions } from "../peers/official-client.ts";
import { payloadsOf } from "../peers/payloads.ts";

export const client: BenchClient<OpenStreamClient> = {
  description: "official client: default node-http handler, static credentials",
  packages: ["@aws-sdk/client-sagemaker-runtime"],
  async open(target) {
    const { InvokeEndpointWithResponseStreamCommand, SageMakerRuntimeClient } = await import(
      "@aws-sdk/client-sagemaker-runtime"
    );
    const { origin, region, credentials, endpointName, contentType } = target;
    const config = { region, credentials, endpoint: origin, ...nodeHandlerOptions(target) };
    const sageMaker = new SageMakerRuntimeClient(config);
    return {
      async *stream(body) {
        const input = { EndpointName: endpointName, ContentType: contentType, Body: body };
        const output = await sageMaker.send(new InvokeEndpointWithResponseStreamCommand(input));
        yield* payloadsOf(output.Body);
      },
      async close() {
        sageMaker.destroy();
      },
    };
  },
};
