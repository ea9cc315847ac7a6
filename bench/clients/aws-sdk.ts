import type { BenchClient } from "../client.ts";

/** The official client as its users run it: the default node-http handler (50 sockets) and the default retries. */
export const client: BenchClient = {
  description: "official client: default node-http handler, static credentials",
  packages: ["@aws-sdk/client-sagemaker-runtime"],
  async open({ origin, region, credentials, endpointName, contentType }) {
    const { InvokeEndpointCommand, SageMakerRuntimeClient } = await import(
      "@aws-sdk/client-sagemaker-runtime"
    );
    const sageMaker = new SageMakerRuntimeClient({ region, credentials, endpoint: origin });
    return {
      async call(body) {
        const output = await sageMaker.send(
          new InvokeEndpointCommand({ EndpointName: endpointName, ContentType: contentType, Body: body }),
        );
        return { status: output.$metadata.httpStatusCode ?? 0, body: output.Body };
      },
      async close() {
        sageMaker.destroy();
      },
    };
  },
};
