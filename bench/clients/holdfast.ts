import type { BenchClient } from "../client.ts";

/** A default client: every layer that is on by default is on, and metrics as well. */
export const client: BenchClient = {
  description: "holdfast with every layer on: a default client with metrics in a prom-client Registry",
  packages: ["holdfast", "prom-client"],
  async open({ origin, maxSockets, region, credentials, endpointName, contentType }) {
    const { Registry } = await import("prom-client");
    const { InvokeEndpointCommand, SageMakerRuntimeClient } = await import("holdfast");
    const sageMaker = new SageMakerRuntimeClient({
      region,
      credentials,
      endpoint: origin,
      maxSockets,
      metrics: { registry: new Registry() },
    });
    return {
      async call(body, abortSignal) {
        const command = new InvokeEndpointCommand({
          EndpointName: endpointName,
          ContentType: contentType,
          Body: body,
        });
        const output = await sageMaker.send(command, abortSignal && { abortSignal });
        return { status: output.$metadata.httpStatusCode ?? 0, body: output.Body };
      },
      async close() {
        sageMaker.destroy();
      },
    };
  },
};
